package wire

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the users service (contract section 10).
const (
	maxLabels = 1000 // of a user
	maxLabel  = 36   // characters
)

// phonePattern is E.164 as Appwrite takes it.
var phonePattern = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// labelPattern is what a label looks like.
var labelPattern = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// What the validators of the users service say, word by word.
const (
	DescribePhone = "Phone number must start with a '+' can have a maximum of fifteen digits."
	DescribeTruth = "Value must be a valid boolean"
	orNull        = " or null"
)

// DescribeLabels is what the validator of labels says.
var DescribeLabels = "Value must a valid array no longer than 1000 items and Value must be a valid string and at least 1 chars and no longer than 36 chars and only consist of '" +
	strings.Join(strings.Split("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""), ", ") + "' chars"

// OptionalText is a string that passes a test, or "" when it is absent.
func (p Params) OptionalText(name, description string, ok func(string) bool) (string, error) {
	if _, given := p.Optional(name); !given {
		return "", nil
	}
	return p.Text(name, description, ok)
}

// OptionalEmail is the key of an e-mail address, or "" when it is absent.
func (p Params) OptionalEmail(name string) (string, error) {
	s, err := p.OptionalText(name, DescribeEmail+orNull, func(s string) bool { return validEmail(strings.TrimSpace(s)) })
	return EmailKey(s), err
}

// OptionalPhone is a phone number, or "" when it is absent.
func (p Params) OptionalPhone(name string) (string, error) {
	return p.OptionalText(name, DescribePhone+orNull, phonePattern.MatchString)
}

// EmailOrEmpty is the key of an e-mail address, or "" which takes it away.
func (p Params) EmailOrEmpty(name string) (string, error) {
	s, err := p.Text(name, DescribeEmail, func(s string) bool { return s == "" || validEmail(strings.TrimSpace(s)) })
	return EmailKey(s), err
}

// PhoneOrEmpty is a phone number, or "" which takes it away.
func (p Params) PhoneOrEmpty(name string) (string, error) {
	return p.Text(name, DescribePhone, func(s string) bool { return s == "" || phonePattern.MatchString(s) })
}

// Phone is a required phone number.
func (p Params) Phone(name string) (string, error) {
	return p.Text(name, DescribePhone, phonePattern.MatchString)
}

// NameOrEmpty is a name of at most 128 characters.
func (p Params) NameOrEmpty(name string) (string, error) {
	return p.Text(name, "Value must be a valid string and no longer than 128 chars",
		func(s string) bool { return utf8.RuneCountInString(s) <= MaxName })
}

// Truth is a required truth value as PHP takes it: true, false, 1, 0 and their
// spellings as strings, of which "false" counts as true (contract section
// 13.3).
func (p Params) Truth(name string) (bool, error) {
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
	return false, Invalid(name, DescribeTruth)
}

// Boolean is a required truth value that no other type stands for.
func (p Params) Boolean(name string) (bool, error) {
	v, err := p.required(name)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, Invalid(name, DescribeTruth)
	}
	return b, nil
}

// Labels are a user's labels, each once.
func (p Params) Labels(name string) ([]string, error) {
	v, err := p.required(name)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok || len(list) > maxLabels {
		return nil, Invalid(name, DescribeLabels)
	}
	labels := []string{}
	for _, item := range list {
		label, ok := item.(string)
		if !ok || len(label) > maxLabel || !labelPattern.MatchString(label) {
			return nil, Invalid(name, DescribeLabels)
		}
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels, nil
}

// Number is an integer within bounds, or the default when it is absent.
func (p Params) Number(name string, lo, hi, otherwise int) (int, error) {
	v, given := p.Optional(name)
	if !given {
		return otherwise, nil
	}
	n, ok := integer(v)
	if !ok || n < lo || n > hi {
		return 0, Invalid(name, DescribeRange(int64(lo), int64(hi)))
	}
	return n, nil
}
