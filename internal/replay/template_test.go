package replay

import (
	"strings"
	"testing"
	"time"
)

func TestRender(t *testing.T) {
	e := env{"id1": "abc"}
	for template, want := range map[string]string{
		"":                 "",
		"x ${id1} ${id1}y": "x abc abcy",
		"${a*3}${-*2}":     "aaa--",
		"${id2}":           "unknown-id2",
		"$ {} ${} ${id1":   "$ {} ${} ${id1",
	} {
		if got := e.render(template); got != want {
			t.Errorf("render(%q) = %q, want %q", template, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	id := strings.Repeat("0123456789", 2)
	tests := []struct {
		template, text string
		ok             bool
	}{
		{"plain.", "plain.", true},
		{"plain.", "plain!", false},
		{"${id1}", "known", true},
		{"${id1}", id, false},
		{"<${id7}>", "<" + id + ">", true},
		{"<${id7}>", "<" + id + "0>", false},
		{"${token3x6}", "a1b2c3", true},
		{"${token3x6}", "a1b2c", false},
		{"${client}", "127.0.0.9", true},
	}
	for _, tt := range tests {
		e := env{"id1": "known", "client": "127.0.0.9"}
		if got := e.match(tt.template, tt.text); got != tt.ok {
			t.Errorf("match(%q, %q) = %v", tt.template, tt.text, got)
		}
		if tt.template == "<${id7}>" && tt.ok != (e["id7"] == id) {
			t.Errorf("match(%q, %q) makes id7 %q", tt.template, tt.text, e["id7"])
		}
	}
}

func TestMatchOfAStoreBindsItsSecret(t *testing.T) {
	secret := strings.Repeat("0f", 128)
	store := made{Base64: `{"id":"u","secret":"` + secret + `"}`}.value(nil, nil, time.Time{})
	e := env{}
	if !e.match(`{"a_session_golden":"${store4}="}`, `{"a_session_golden":"`+store+`="}`) || e["store4"] != store || e["secret4"] != secret {
		t.Errorf("the variables are %v", e)
	}
}

func TestShorten(t *testing.T) {
	long := "x" + strings.Repeat("a", 500) + "yy" + strings.Repeat("é", 300) + strings.Repeat(`\u00e9`, 100) + strings.Repeat("*", 300)
	short := shorten(long)
	if want := `x${a*500}yy${é*300}${\u00e9*100}` + strings.Repeat("*", 300); short != want {
		t.Errorf("shorten = %q", short)
	}
	if got := (env{}).render(short); got != long {
		t.Errorf("render gives %d bytes back, want %d", len(got), len(long))
	}
}
