package server

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the users service (contract section 10).
const (
	maxSearch                        = 256  // characters
	maxLabels                        = 1000 // of a user
	maxLabel                         = 36   // characters
	minTokenLength, maxTokenLength   = 4, 128
	defaultTokenLength               = 6 // digits
	minTokenSeconds, maxTokenSeconds = 60, 31536000
	defaultTokenSeconds              = 900
)

// phonePattern is E.164 as Appwrite takes it.
var phonePattern = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// labelPattern is what a label looks like.
var labelPattern = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// What the validators of the users service say, word by word.
const (
	describePhone = "Phone number must start with a '+' can have a maximum of fifteen digits."
	describeTruth = "Value must be a valid boolean"
	orNull        = " or null"
)

// describeLabels is what the validator of labels says.
var describeLabels = "Value must a valid array no longer than 1000 items and Value must be a valid string and at least 1 chars and no longer than 36 chars and only consist of '" +
	strings.Join(strings.Split("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""), ", ") + "' chars"

// userID is the id of the user in the path.
func (c *call) userID() (string, error) { return uid("userId", c.r.PathValue("userId")) }

// optionalText is a string that passes a test, or "" when it is absent.
func (p params) optionalText(name, description string, ok func(string) bool) (string, error) {
	if _, given := p.optional(name); !given {
		return "", nil
	}
	return p.text(name, description, ok)
}

// optionalEmail is the key of an e-mail address, or "" when it is absent.
func (p params) optionalEmail(name string) (string, error) {
	s, err := p.optionalText(name, describeEmail+orNull, func(s string) bool { return validEmail(strings.TrimSpace(s)) })
	return emailKey(s), err
}

// optionalPhone is a phone number, or "" when it is absent.
func (p params) optionalPhone(name string) (string, error) {
	return p.optionalText(name, describePhone+orNull, phonePattern.MatchString)
}

// optionalPassword is a password of 8 to 256 bytes, or "" when it is absent.
func (p params) optionalPassword(name string) (string, error) {
	if _, given := p.optional(name); !given {
		return "", nil
	}
	return p.password(name)
}

// emailOrEmpty is the key of an e-mail address, or "" which takes it away.
func (p params) emailOrEmpty(name string) (string, error) {
	s, err := p.text(name, describeEmail, func(s string) bool { return s == "" || validEmail(strings.TrimSpace(s)) })
	return emailKey(s), err
}

// phoneOrEmpty is a phone number, or "" which takes it away.
func (p params) phoneOrEmpty(name string) (string, error) {
	return p.text(name, describePhone, func(s string) bool { return s == "" || phonePattern.MatchString(s) })
}

// passwordOrEmpty is a password, or "" which takes it away.
func (p params) passwordOrEmpty(name string) (string, error) {
	return p.text(name, describePassword, func(s string) bool { return s == "" || len(s) >= minPassword && len(s) <= maxPassword })
}

// nameOrEmpty is a name of at most 128 characters.
func (p params) nameOrEmpty(name string) (string, error) {
	return p.text(name, "Value must be a valid string and no longer than 128 chars",
		func(s string) bool { return utf8.RuneCountInString(s) <= maxName })
}

// truth is a required truth value as PHP takes it: true, false, 1, 0 and their
// spellings as strings, of which "false" counts as true (contract section
// 13.3).
func (p params) truth(name string) (bool, error) {
	v, err := p.required(name)
	if err != nil {
		return false, err
	}
	switch v := v.(type) {
	case bool:
		return v, nil
	case json.Number:
		if v == "0" || v == "1" {
			return v == "1", nil
		}
	case string:
		if slices.Contains([]string{"true", "false", "0", "1"}, v) {
			return v != "0", nil
		}
	}
	return false, invalid(name, describeTruth)
}

// wantsTotal reads the parameter total, true unless given.
func (p params) wantsTotal() (bool, error) {
	if _, given := p.optional("total"); !given {
		return true, nil
	}
	return p.truth("total")
}

// labels are a user's labels, each once.
func (p params) labels(name string) ([]string, error) {
	v, err := p.required(name)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok || len(list) > maxLabels {
		return nil, invalid(name, describeLabels)
	}
	labels := []string{}
	for _, item := range list {
		label, ok := item.(string)
		if !ok || len(label) > maxLabel || !labelPattern.MatchString(label) {
			return nil, invalid(name, describeLabels)
		}
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels, nil
}

// number is an integer within bounds, or the default when it is absent.
func (p params) number(name string, lo, hi, otherwise int) (int, error) {
	v, given := p.optional(name)
	if !given {
		return otherwise, nil
	}
	n, ok := integer(v)
	if !ok || n < lo || n > hi {
		return 0, invalid(name, describeRange(int64(lo), int64(hi)))
	}
	return n, nil
}

// sessionOf is the id of a user's session, or "recent" when it is absent.
func (p params) sessionOf(name string) (string, error) {
	if _, given := p.optional(name); !given {
		return recentSession, nil
	}
	return p.text(name, describeUID, idPattern.MatchString)
}

// strings are the texts of a list; none when it is absent.
func (p params) strings(name string) ([]string, error) {
	v, given := p.optional(name)
	if !given {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, invalid(name, "Queries must be an array")
	}
	var texts []string
	for _, item := range list {
		s, isString := item.(string)
		if !isString {
			return nil, invalid(name, "Queries must be an array")
		}
		texts = append(texts, s)
	}
	return texts, nil
}
