//go:build !js

package isojot_test

import "strings"

// holds reports whether any value has the text in it.
func (m *memory) holds(text string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, value := range m.values {
		if strings.Contains(value, text) {
			return true
		}
	}
	return false
}

// each changes every value.
func (m *memory) each(change func(string) string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, value := range m.values {
		m.values[name] = change(value)
	}
}

func (m *memory) replace(old, by string) {
	m.each(func(value string) string { return strings.ReplaceAll(value, old, by) })
}
