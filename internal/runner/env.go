package runner

import (
	"maps"
	"net"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxData bounds APPWRITE_FUNCTION_DATA: Linux refuses a variable of 128 KiB.
const maxData = 64 << 10

// environment is the whole environment of a process that runs req, except HOME
// and TMPDIR. Of the server's own it has PATH and LANG only. Variables that
// describe the call override the function's own.
func (c *Config) environment(req *Request, more map[string]string) []string {
	all := map[string]string{
		"PATH": orDefault(os.Getenv("PATH"), "/usr/local/bin:/usr/bin:/bin"),
		"LANG": orDefault(os.Getenv("LANG"), "C.UTF-8"),
	}
	for _, variables := range []map[string]string{c.Env, more, callVariables(req), c.ownVariables()} {
		maps.Copy(all, variables)
	}
	env := make([]string, 0, len(all))
	for name, value := range all {
		if !strings.ContainsRune(value, 0) {
			env = append(env, name+"="+value)
		}
	}
	slices.Sort(env)
	return env
}

// callVariables are Appwrite's (contract section 11). The body is among them
// where a variable can hold it; standard input, or req.body, has it always.
func callVariables(req *Request) map[string]string {
	data := ""
	if len(req.Body) <= maxData && utf8.Valid(req.Body) && !strings.ContainsRune(string(req.Body), 0) {
		data = string(req.Body)
	}
	return map[string]string{
		"APPWRITE_FUNCTION_ID":           req.FunctionID,
		"APPWRITE_FUNCTION_NAME":         req.FunctionName,
		"APPWRITE_FUNCTION_PROJECT_ID":   req.ProjectID,
		"APPWRITE_FUNCTION_EXECUTION_ID": req.ExecutionID,
		"APPWRITE_FUNCTION_API_ENDPOINT": req.Endpoint,
		"APPWRITE_FUNCTION_TRIGGER":      req.Trigger,
		"APPWRITE_FUNCTION_USER_ID":      req.UserID,
		"APPWRITE_FUNCTION_JWT":          req.JWT,
		"APPWRITE_FUNCTION_DATA":         data,
		"APPWRITE_FUNCTION_DEPLOYMENT":   req.DeploymentID,
		"APPWRITE_VERSION":               req.Version,
		"APPWRITE_REGION":                req.Region,
	}
}

// ownVariables are Appwrite's that tell what the function runs under: the memory in
// MiB, and the processors, of which it may use all.
func (c *Config) ownVariables() map[string]string {
	return map[string]string{
		"APPWRITE_FUNCTION_RUNTIME_NAME":    c.runtime.name,
		"APPWRITE_FUNCTION_RUNTIME_VERSION": c.runtime.version,
		"APPWRITE_FUNCTION_MEMORY":          strconv.FormatInt(c.Memory>>20, 10),
		"APPWRITE_FUNCTION_CPUS":            strconv.Itoa(runtime.NumCPU()),
	}
}

// cgiVariables are those of RFC 3875, so that a program can be written with what
// its language has for CGI.
func cgiVariables(req *Request) map[string]string {
	path, query, _ := strings.Cut(req.Path, "?")
	if decoded, err := url.PathUnescape(path); err == nil {
		path = decoded
	}
	host, port, err := net.SplitHostPort(req.Header.Get("Host"))
	if err != nil {
		host, port = req.Header.Get("Host"), ""
	}
	v := map[string]string{
		"GATEWAY_INTERFACE": "CGI/1.1",
		"SERVER_PROTOCOL":   "HTTP/1.1",
		"SERVER_SOFTWARE":   "isojot",
		"SERVER_NAME":       orDefault(host, "localhost"),
		"SERVER_PORT":       orDefault(port, "80"),
		"SCRIPT_NAME":       "",
		"REQUEST_METHOD":    req.Method,
		"REQUEST_URI":       req.Path,
		"PATH_INFO":         path,
		"QUERY_STRING":      query,
		"CONTENT_LENGTH":    strconv.Itoa(len(req.Body)),
		"CONTENT_TYPE":      req.Header.Get("Content-Type"),
		"REMOTE_ADDR":       req.Header.Get("X-Appwrite-Client-Ip"),
	}
	for name, values := range req.Header {
		if variable := headerVariable(name); variable != "" {
			separator := ", "
			if variable == "HTTP_COOKIE" {
				separator = "; "
			}
			v[variable] = strings.Join(values, separator)
		}
	}
	return v
}

// headerVariable is the variable of a header, or "" for one that has none. With
// an underscore in its name a header could pass for one of the server's own;
// and HTTP_PROXY is an order to many programs.
func headerVariable(name string) string {
	variable := "HTTP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	switch {
	case strings.Contains(name, "_"), !environmentName.MatchString(variable):
		return ""
	case variable == "HTTP_PROXY", variable == "HTTP_CONTENT_TYPE", variable == "HTTP_CONTENT_LENGTH":
		return ""
	}
	return variable
}
