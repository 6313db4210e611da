package main

import (
	"strings"
	"unicode"
)

// words splits a name into words: create, MFA, Challenge.
func words(name string) []string {
	runes := []rune(name)
	var list []string
	start := 0
	cut := func(end, next int) {
		if end > start {
			list = append(list, string(runes[start:end]))
		}
		start = next
	}
	for i, r := range runes {
		switch {
		case r == '_' || r == '-':
			cut(i, i+1)
		case i == 0 || !unicode.IsUpper(r):
		case !unicode.IsUpper(runes[i-1]), i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			cut(i, i)
		}
	}
	cut(len(runes), len(runes))
	return list
}

// initialisms are words that Go spells otherwise than the official packages.
var initialisms = map[string]string{
	"Api": "API", "Apns": "APNS", "Bigint": "BigInt", "Cimd": "CIMD", "Cpu": "CPU", "Db": "DB", "Eu": "EU", "Fcm": "FCM", "Gb": "GB", "Html": "HTML",
	"Http": "HTTP", "Https": "HTTPS", "Id": "ID", "Ids": "IDs", "Ip": "IP", "Isp": "ISP", "Jpeg": "JPEG", "Jpg": "JPG", "Json": "JSON", "Jwt": "JWT", "Mb": "MB", "Mfa": "MFA", "Mime": "MIME", "Png": "PNG",
	"Oauth2": "OAuth2", "Os": "OS", "Otp": "OTP", "Qr": "QR", "Sid": "SID", "Sms": "SMS", "Smtp": "SMTP", "Sql": "SQL", "Ssl": "SSL", "Tls": "TLS",
	"Totp": "TOTP", "Ttl": "TTL", "Uid": "UID", "Uri": "URI", "Url": "URL", "Utc": "UTC", "Vcs": "VCS",
	"Documentsdb": "DocumentsDB", "Mongodb": "MongoDB", "Mysql": "MySQL", "Postgresql": "PostgreSQL", "Tablesdb": "TablesDB", "Vectorsdb": "VectorsDB",
}

// goName is an exported name in Go for one of the official packages', such as
// CreateMFAChallenge for createMfaChallenge.
func goName(name string) string {
	var b strings.Builder
	for _, word := range words(strings.TrimLeft(name, "$")) {
		word = capital(word)
		if spelled, ok := initialisms[word]; ok {
			word = spelled
		}
		b.WriteString(word)
	}
	return b.String()
}

func capital(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// goArgument is the name of an argument in Go, such as databaseID.
func goArgument(name string) string {
	runes := []rune(goName(name))
	for i := range runes {
		if i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) || unicode.IsLower(runes[i]) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	switch argument := string(runes); argument {
	case "type":
		return "kind"
	default:
		return argument
	}
}

// goConstant is the name of an enumeration's value: the words of the value itself
// where the official name is made of them.
func goConstant(enum, name, value string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("-_./ ", r) }) {
		b.WriteString(goName(word))
	}
	if strings.EqualFold(b.String(), name) {
		return enum + b.String()
	}
	return enum + goName(name)
}
