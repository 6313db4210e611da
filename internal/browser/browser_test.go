//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hack-pad/safejs"
)

// eval makes a JavaScript function of the body and calls it.
func eval(t *testing.T, body string) Value {
	t.Helper()
	f, err := Global("Function").New(body)
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Invoke()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestGetIsSafe(t *testing.T) {
	o := eval(t, `return {a: {b: "x"}, n: null}`)
	if got := String(Get(o, "a", "b")); got != "x" {
		t.Errorf("a.b = %q", got)
	}
	for _, path := range [][]string{{"missing", "b"}, {"n", "b"}} {
		if v := Get(o, path...); Present(v) {
			t.Errorf("%v is present", path)
		}
	}
	if keys, err := Keys(eval(t, `return {x: 1, y: 2}`)); err != nil || strings.Join(keys, ",") != "x,y" {
		t.Errorf("%v, %v", keys, err)
	}
	if keys, err := Keys(safejs.Undefined()); err != nil || len(keys) != 0 {
		t.Errorf("%v, %v", keys, err)
	}
}

func TestTryGet(t *testing.T) {
	o := eval(t, `return {good: "x", get bad() { throw new Error("no") }}`)
	if got := String(tryGet(o, "good")); got != "x" {
		t.Errorf("good = %q", got)
	}
	if v := tryGet(o, "bad"); Present(v) {
		t.Error("a getter that throws gave a value")
	}
}

func TestHeaderNamesAreInLowerCase(t *testing.T) {
	header, err := headerOf(eval(t, `return {headers: [["Content-Type", "text/plain"], ["Via", "A"], ["via", "b"]]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(header["content-type"], ","); got != "text/plain" {
		t.Errorf("content-type: %q", got)
	}
	if got := strings.Join(header["via"], ","); got != "A,b" {
		t.Errorf("via: %q", got)
	}
}

func TestAwait(t *testing.T) {
	v, err := Await(t.Context(), eval(t, `return Promise.resolve("yes")`))
	if err != nil || String(v) != "yes" {
		t.Errorf("%v, %v", v, err)
	}
	_, err = Await(t.Context(), eval(t, `return Promise.reject(new TypeError("outer", {cause: {message: "inner"}}))`))
	var thrown *Error
	if !errors.As(err, &thrown) || thrown.Name != "TypeError" || thrown.Message != "outer: inner" {
		t.Errorf("%v", err)
	}
	if _, err = Await(t.Context(), eval(t, `return Promise.reject("text")`)); err == nil || err.Error() != "text" {
		t.Errorf("%v", err)
	}
	if _, err = Await(t.Context(), eval(t, `return 5`)); err == nil {
		t.Error("a number was awaited")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = Await(ctx, eval(t, `return new Promise(() => {})`)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestPromise(t *testing.T) {
	reason := func(err error) any { return "reason: " + err.Error() }
	for name, c := range map[string]struct {
		work  func() (any, error)
		value string
		err   string
	}{
		"value":         {func() (any, error) { return "v", nil }, "v", ""},
		"error":         {func() (any, error) { return nil, errors.New("e") }, "", "reason: e"},
		"panic":         {func() (any, error) { panic("p") }, "", "panic in the WebAssembly program: p"},
		"no such value": {func() (any, error) { return struct{}{}, nil }, "", "reason: "},
	} {
		promise, err := Promise(c.work, reason)
		if err != nil {
			t.Fatal(name, err)
		}
		v, err := Await(t.Context(), promise)
		if c.err == "" && (err != nil || String(v) != c.value) {
			t.Errorf("%s: %v, %v", name, String(v), err)
		}
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v, want %q", name, err, c.err)
		}
	}
}

func TestFuncSurvivesAPanic(t *testing.T) {
	f, err := Func(func(args []Value) (any, error) { panic(String(Arg(args, 0))) }, func(err error) any { return err.Error() })
	if err != nil {
		t.Fatal(err)
	}
	defer f.Release()
	v, err := f.Value().Invoke("boom")
	if err != nil || String(v) != "panic in the WebAssembly program: boom" {
		t.Errorf("%v, %v", String(v), err)
	}
}

func TestStorage(t *testing.T) {
	const working = `const m = new Map(); return {getItem: k => m.get(k) ?? null, setItem: (k, v) => m.set(k, v), removeItem: k => m.delete(k)}`
	const full = `return {getItem: () => "old", setItem() { throw new Error("full") }, removeItem() { throw new Error("no") }}`
	for name, object := range map[string]Value{"working": eval(t, working), "full": eval(t, full), "absent": safejs.Undefined()} {
		s := NewStorage(object)
		s.Set("k", "v")
		if got := s.Get("k"); got != "v" {
			t.Errorf("%s: %q after Set", name, got)
		}
		s.Set("k", "")
		if got := s.Get("k"); got != "" {
			t.Errorf("%s: %q after removal", name, got)
		}
	}
}

func TestHasCookieJar(t *testing.T) {
	// Node has its navigator from version 21 on.
	const become = `
		const kept = {};
		for (const name in platform) {
			kept[name] = Object.getOwnPropertyDescriptor(globalThis, name);
			Object.defineProperty(globalThis, name, {value: platform[name], configurable: true});
		}
		return () => {
			for (const name in kept) {
				delete globalThis[name];
				if (kept[name]) Object.defineProperty(globalThis, name, kept[name]);
			}
		}`
	for name, c := range map[string]struct {
		platform string
		want     bool
	}{
		"Node":             {`{navigator: {userAgent: "Node.js/24"}}`, false},
		"Node 20":          {`{navigator: undefined}`, false},
		"page":             {`{document: {}, navigator: {userAgent: "Mozilla/5.0 (X11)"}}`, true},
		"web worker":       {`{WorkerGlobalScope: class {}, navigator: {userAgent: "Mozilla/5.0 (X11)"}}`, true},
		"Deno's worker":    {`{WorkerGlobalScope: class {}, navigator: {userAgent: "Deno/2.9.6"}}`, false},
		"workerd":          {`{WorkerGlobalScope: class {}, navigator: {userAgent: "Cloudflare-Workers"}}`, false},
		"nameless workers": {`{WorkerGlobalScope: class {}, navigator: undefined}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			restore := eval(t, "const platform = "+c.platform+";"+become)
			got := HasCookieJar()
			if _, err := restore.Invoke(); err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("HasCookieJar() = %v", got)
			}
		})
	}
	if HasCookieJar() {
		t.Error("a cookie jar was found under Node")
	}
}
