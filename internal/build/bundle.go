package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// oldest are the first versions that have all that the package cannot do
// without (WebAssembly as Go uses it needs Safari 15, WeakRef Chrome 84), and
// what is not worth its weight to write for those before: private members of
// classes (Firefox 90) and optional chaining without a bug (Chrome 91). Those
// would add 7 % to the JavaScript that a page loads.
var oldest = []api.Engine{
	{Name: api.EngineChrome, Version: "91"},
	{Name: api.EngineFirefox, Version: "90"},
	{Name: api.EngineSafari, Version: "15"},
	{Name: api.EngineNode, Version: "20"},
}

// bundle is one file of the npm package, made from an entry point in js/src.
type bundle struct {
	entry    string
	out      string
	format   api.Format
	platform api.Platform
}

var bundles = []bundle{
	{"entry-browser.js", "isojot.mjs", api.FormatESModule, api.PlatformBrowser},
	{"entry-node.js", "isojot.node.mjs", api.FormatESModule, api.PlatformNode},
	{"entry-cjs.js", "isojot.cjs", api.FormatCommonJS, api.PlatformNode},
	{"entry-edge.js", "isojot.edge.mjs", api.FormatESModule, api.PlatformBrowser},
	{"entry-browser-cjs.js", "isojot.browser.cjs", api.FormatCommonJS, api.PlatformBrowser},
	{"entry-script.js", "isojot.js", api.FormatIIFE, api.PlatformBrowser},
	{"entry-worker.js", "worker.js", api.FormatIIFE, api.PlatformBrowser},
}

// bundleCommand makes every bundle, with a source map beside each.
func bundleCommand(ctx context.Context, repo string, args []string, out io.Writer) error {
	if err := noArguments("js", args); err != nil {
		return err
	}
	goroot, err := goTool(ctx, repo, nil, "env", "GOROOT")
	if err != nil {
		return err
	}
	version, err := packageVersion(repo)
	if err != nil {
		return err
	}
	for _, b := range bundles {
		size, err := makeBundle(filepath.Join(repo, "js"), strings.TrimSpace(goroot), version, b)
		if err != nil {
			return fmt.Errorf("js/dist/%s: %w", b.out, err)
		}
		fmt.Fprintf(out, "js/dist/%-16s %d kB\n", b.out, kilobytes(size))
	}
	return seal(filepath.Join(repo, "js", "dist"), out)
}

// makeBundle writes one bundle below the folder js and returns its size in
// bytes.
func makeBundle(js, goroot, version string, b bundle) (int64, error) {
	options := b.options(js, goroot, version)
	result := build(options)
	// A warning here is a mistake in our own source (import.meta in a format
	// that has none, an assignment to an import): refuse it.
	if messages := append(result.Errors, result.Warnings...); len(messages) > 0 {
		return 0, messageError(messages)
	}
	info, err := os.Stat(filepath.Join(js, "dist", b.out))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// build is api.Build, but that whitespace is removed around the comments that mark
// calls as pure, which esbuild would remove with it: by them an app's bundler drops
// the services that the app does not use.
func build(options api.BuildOptions) api.BuildResult {
	if !options.MinifyWhitespace || options.Format != api.FormatESModule {
		return api.Build(options)
	}
	options.MinifyWhitespace, options.Write, options.Sourcemap = false, false, api.SourceMapInline
	result := api.Build(options)
	if len(result.Errors)+len(result.Warnings) > 0 {
		return result
	}
	// Before new esbuild writes the comment by itself, where all bundlers know better.
	marked := strings.NewReplacer(pureComment+"new ", strings.Repeat(" ", len(pureComment))+"new ", pureComment, pureMember)
	tight := api.Transform(marked.Replace(string(result.OutputFiles[0].Contents)), api.TransformOptions{
		MinifyWhitespace: true, Engines: options.Engines, Format: options.Format, Sourcemap: api.SourceMapExternal,
		Sourcefile: filepath.Base(options.Outfile), LegalComments: api.LegalCommentsEndOfFile, LogLevel: api.LogLevelSilent,
	})
	result.Errors, result.Warnings = tight.Errors, tight.Warnings
	if len(tight.Errors)+len(tight.Warnings) > 0 {
		return result
	}
	out := filepath.Join(options.AbsWorkingDir, options.Outfile)
	code := strings.ReplaceAll(string(tight.Code), pureMember, pureComment) + "//# sourceMappingURL=" + filepath.Base(out) + ".map\n"
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		result.Errors = append(result.Errors, api.Message{Text: err.Error()})
		return result
	}
	for path, content := range map[string][]byte{out: []byte(code), out + ".map": tight.Map} {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			result.Errors = append(result.Errors, api.Message{Text: err.Error()})
		}
	}
	return result
}

// wasmExecMembers are the members of Go's runtime that no code outside of a bundle
// names. (Go itself has _makeFuncWrapper and _pendingEvent.)
const wasmExecMembers = "^_(inst|values|goRefCounts|ids|idPool|scheduledTimeouts|nextCallbackTimeoutID|exitPromise|resolveExitPromise)$"

// What stands in for the comment meanwhile is as long, so that the source map stays true.
const (
	pureComment = "/* @__PURE__ */ "
	pureMember  = "__ISOJOT_PURE__."
)

// shortModule is what short.js is injected as.
const shortModule = "isojot:short"

//go:embed short.js
var short string

// moduleOf resolves the name of a module that is no file to what load gives.
func moduleOf(name string, load func() (string, error)) api.Plugin {
	return api.Plugin{Name: name, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + name + "$"},
			func(args api.OnResolveArgs) (api.OnResolveResult, error) {
				return api.OnResolveResult{Path: name, Namespace: "isojot"}, nil
			})
		build.OnLoad(api.OnLoadOptions{Filter: "^" + name + "$", Namespace: "isojot"},
			func(args api.OnLoadArgs) (api.OnLoadResult, error) {
				code, err := load()
				return api.OnLoadResult{Contents: &code, Loader: api.LoaderJS}, err
			})
	}}
}

func (b bundle) options(js, goroot, version string) api.BuildOptions {
	// Node prints the line that an uncaught error comes from: minified, that is
	// the whole package.
	minify := b.platform != api.PlatformNode
	options := api.BuildOptions{
		AbsWorkingDir:     js,
		EntryPoints:       []string{"src/" + b.entry},
		Outfile:           "dist/" + b.out,
		Write:             true,
		Bundle:            true,
		Format:            b.format,
		Platform:          b.platform,
		Engines:           oldest,
		MinifyWhitespace:  minify,
		MinifyIdentifiers: minify,
		MinifySyntax:      minify,
		Sourcemap:         api.SourceMapLinked,
		LegalComments:     api.LegalCommentsEndOfFile,
		Define:            map[string]string{"__ISOJOT_VERSION__": strconv.QuoteToASCII(version)},
		Plugins:           []api.Plugin{wasmExecPlugin(goroot)},
		LogLevel:          api.LogLevelSilent,
		// Those in CommonJS say themselves what they export.
		LogOverride: map[string]api.LogLevel{"commonjs-variable-in-esm": api.LogLevelSilent},
	}
	if minify {
		options.MangleProps = wasmExecMembers
		options.Inject = []string{shortModule}
		options.Plugins = append(options.Plugins, moduleOf(shortModule, func() (string, error) { return short, nil }))
	}
	return options
}

// packageVersion reads the version from js/package.json.
func packageVersion(repo string) (string, error) {
	path := filepath.Join(repo, "js", "package.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var manifest struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		return "", fmt.Errorf("js/package.json: %w", err)
	}
	if manifest.Version == "" {
		return "", errors.New("js/package.json: no version")
	}
	return manifest.Version, nil
}
