package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds the body of a request, in bytes. The largest body of the
// contract is an execution with 10 MiB of its own body, escaped in JSON.
const maxBody = 12 << 20

// params are a request's parameters: strings from a query or form; from JSON
// also numbers (json.Number), truths, lists, objects and null (nil).
type params struct{ values map[string]any }

// readParams reads the parameters: of the query for GET, of the body
// otherwise, by its content type. A body that does not parse has no
// parameters: SDKs send "{}" and "[]" where there is nothing to say (contract
// section 1).
func readParams(w http.ResponseWriter, r *http.Request) (params, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return formParams(r.URL.Query()), nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return params{}, failf(errBadRequest, "The request body is larger than %d bytes (%d MiB), the most this server reads. Send a smaller body.", maxBody, maxBody>>20)
		}
		return params{}, failf(errBadRequest, "The request body ended early. Send it completely.")
	}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil: // none, or unreadable: a form, as in PHP
		return urlencodedParams(body), nil
	case kind == "application/json":
		return jsonParams(body), nil
	case kind == "multipart/form-data":
		return multipartParams(body, options["boundary"]), nil
	}
	return urlencodedParams(body), nil
}

// jsonParams reads a JSON object. Numbers stay as they are written: 1 and 1.0
// are not the same to the validators.
func jsonParams(body []byte) params {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var values map[string]any
	if dec.Decode(&values) != nil || dec.More() {
		return params{}
	}
	return params{values}
}

// urlencodedParams reads a form; pairs that do not decode are skipped.
func urlencodedParams(body []byte) params {
	form, _ := url.ParseQuery(string(body)) // what it could read, beside the first error
	return formParams(form)
}

// multipartParams reads the fields of a form that are no files.
func multipartParams(body []byte, boundary string) params {
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(maxBody)
	if err != nil {
		return params{}
	}
	defer form.RemoveAll() // nothing is on disk: the body is smaller than the memory allowed
	return formParams(form.Value)
}

// formParams takes the last of each name, as PHP does.
func formParams(form map[string][]string) params {
	values := make(map[string]any, len(form))
	for name, list := range form {
		if len(list) > 0 && !strings.Contains(name, "[") {
			values[name] = list[len(list)-1]
		}
	}
	return params{values}
}
