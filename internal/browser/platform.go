//go:build js && wasm

package browser

import (
	"strings"
	"sync"

	"github.com/hack-pad/safejs"
)

// HasCookieJar reports whether fetch keeps cookies: in a page and in a web
// worker, but not under Node and other runtimes of servers. Servers have workers too (Deno,
// workerd), but only browsers say that they are Mozilla, as HTML wants it of
// navigator.userAgent.
func HasCookieJar() bool {
	if Present(Global("document")) {
		return true
	}
	return Present(Global("WorkerGlobalScope")) && strings.HasPrefix(String(Global("navigator", "userAgent")), "Mozilla/")
}

// Storage keeps strings in an object that has localStorage's methods, and in
// memory those that it refuses (a full or forbidden localStorage throws).
type Storage struct {
	object Value
	mu     sync.Mutex
	memory map[string]string
}

// NewStorage returns a Storage over object, which may be undefined.
func NewStorage(object Value) *Storage {
	return &Storage{object: object, memory: map[string]string{}}
}

// LocalStorage is a Storage over the global localStorage, where there is one
// and it may be used: reading it throws where the browser forbids storage.
func LocalStorage() *Storage { return NewStorage(tryGet(safejs.Global(), "localStorage")) }

// SessionStorage is a Storage over the global sessionStorage, in the same way.
func SessionStorage() *Storage { return NewStorage(tryGet(safejs.Global(), "sessionStorage")) }

// Get returns the value of that name, or "".
func (s *Storage) Get(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, kept := s.memory[name]; kept {
		return v
	}
	if !Present(s.object) {
		return ""
	}
	v, err := s.object.Call("getItem", name)
	if err != nil {
		return ""
	}
	return String(v)
}

// Set keeps the value; "" removes it.
func (s *Storage) Set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory, name)
	if Present(s.object) && s.write(name, value) == nil {
		return
	}
	// An empty entry here also hides what could not be removed there.
	s.memory[name] = value
}

func (s *Storage) write(name, value string) error {
	var err error
	if value == "" {
		_, err = s.object.Call("removeItem", name)
	} else {
		_, err = s.object.Call("setItem", name, value)
	}
	return err
}
