package wire

import (
	"net/netip"
	"regexp"
	"strings"
)

// Bounds of an e-mail address, in bytes (RFC 5321 section 4.5.3.1, and the
// 254 that its path of 256 leaves).
const (
	maxEmail      = 254
	maxEmailLocal = 64
)

// The parts of an address that is accepted: an unquoted local part (RFC 5322
// section 3.2.3), a host name of at least two labels whose last one begins
// with a letter. Only ASCII, as PHP's FILTER_VALIDATE_EMAIL.
var (
	emailLocal  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	emailDomain = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
)

// validEmail reports whether s is an e-mail address.
func validEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > maxEmailLocal || len(s) > maxEmail {
		return false
	}
	return emailLocal.MatchString(s[:at]) && (emailDomain.MatchString(s[at+1:]) || addressLiteral(s[at+1:]))
}

// addressLiteral reports whether s is an address in brackets (RFC 5321 section
// 4.1.3).
func addressLiteral(s string) bool {
	inner, ok := strings.CutPrefix(s, "[")
	if inner, ok2 := strings.CutSuffix(inner, "]"); ok && ok2 {
		v6, isV6 := strings.CutPrefix(strings.ToLower(inner), "ipv6:")
		addr, err := netip.ParseAddr(v6)
		return err == nil && addr.Is4() != isV6 && addr.Zone() == ""
	}
	return false
}

// EmailKey is the address as it is stored and looked up: without blanks around
// it, which Appwrite keeps (contract section 13.13), and in lower case. Accounts
// whose addresses look the same are one, and whoever typed a blank at the
// sign-up can sign in without it.
func EmailKey(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// CanonicalEmail is the address without the variations that its provider
// ignores: those of Gmail, which are public. Of other providers none are
// assumed.
func CanonicalEmail(email string) string {
	local, domain, _ := strings.Cut(email, "@")
	if domain != "gmail.com" && domain != "googlemail.com" {
		return email
	}
	local, _, _ = strings.Cut(local, "+")
	return strings.ReplaceAll(local, ".", "") + "@gmail.com"
}
