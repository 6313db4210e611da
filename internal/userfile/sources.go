package userfile

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// values are what a mapper makes, without what is absent.
type values map[string]any

func (v values) text(name, text string) {
	if text != "" {
		v[name] = text
	}
}

func (v values) object(name string, text json.RawMessage) {
	if text != nil {
		v[name] = text
	}
}

// date keeps a date as this server reads it; one that is none stays, and is
// refused.
func (v values) date(name, text string) {
	if strings.HasPrefix(text, "0000-00-00") { // MySQL's absent one
		return
	}
	if t, ok := parseDate(text); ok {
		text = t.UTC().Format(time.RFC3339Nano)
	}
	v.text(name, text)
}

// parseDate reads the dates of databases, and milliseconds since 1970.
func parseDate(text string) (time.Time, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) > 4 {
		return time.UnixMilli(n), true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07",
		"2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// row is a user of firebase auth:export.
func (f FirebaseHash) row(r record) (map[string]any, error) {
	v := values{"emailVerification": r.truth("emailVerified"), "status": !r.truth("disabled")}
	v.text("userId", r.text("localId"))
	v.text("email", r.text("email"))
	v.text("name", r.text("displayName"))
	v.date("registration", r.text("createdAt"))
	v.date("accessedAt", r.first("lastSignedInAt", "lastLoginAt"))
	if phone := r.text("phoneNumber"); phone != "" { // Firebase has none that is not verified
		v["phone"], v["phoneVerification"] = phone, true
	}
	if hash := r.text("passwordHash"); hash != "" {
		v["hash"], v["passwordHash"], v["passwordSalt"] = "scryptMod", hash, r.text("salt")
		v["passwordSignerKey"], v["passwordSaltSeparator"] = f.SignerKey, f.SaltSeparator
	}
	return v, nil
}

// supabaseRow is a row of Supabase's table auth.users.
func supabaseRow(r record) (map[string]any, error) {
	if r.text("deleted_at") != "" {
		return nil, faultOf("deleted_at", "the user has been deleted")
	}
	v := values{
		"emailVerification": r.first("email_confirmed_at", "confirmed_at") != "" && r.text("email") != "",
		"phoneVerification": r.text("phone_confirmed_at") != "", "status": !bannedAt(r.text("banned_until"), time.Now()),
	}
	v.text("userId", r.text("id"))
	v.text("email", r.text("email"))
	if phone := r.text("phone"); phone != "" { // which Supabase keeps without the sign
		v["phone"] = "+" + strings.TrimPrefix(phone, "+")
	}
	v.text("name", r.object("raw_user_meta_data").first("name", "full_name", "display_name"))
	v.object("prefs", r.raw("raw_user_meta_data"))
	v.date("registration", r.text("created_at"))
	v.date("accessedAt", r.text("last_sign_in_at"))
	v.text("passwordHash", r.text("encrypted_password"))
	return v, nil
}

// bannedAt reports whether a user that is banned until then is at that time. What
// is no date, such as infinity, has no end.
func bannedAt(until string, now time.Time) bool {
	t, ok := parseDate(until)
	return until != "" && (!ok || t.After(now))
}

// wordPressRow is a row of WordPress's table wp_users.
func wordPressRow(r record) (map[string]any, error) {
	v := values{"status": !r.truth("spam") && !r.truth("deleted")}
	v.text("userId", r.first("ID", "id"))
	v.text("email", r.text("user_email"))
	v.text("name", r.first("display_name", "user_login"))
	v.date("registration", r.text("user_registered"))
	v.text("passwordHash", r.text("user_pass"))
	return v, nil
}

// appwriteRow is a user of Appwrite's users.list.
func appwriteRow(r record) (map[string]any, error) {
	v := values{}
	v.text("userId", r.text("$id"))
	for _, name := range []string{"email", "phone", "name"} {
		v.text(name, r.text(name))
	}
	for _, name := range []string{"registration", "accessedAt", "passwordUpdate"} {
		v.date(name, r.text(name))
	}
	for _, name := range []string{"emailVerification", "phoneVerification", "mfa", "labels", "status"} {
		if raw, ok := r[name].(json.RawMessage); ok && string(raw) != "null" {
			v[name] = raw
		}
	}
	v.object("prefs", r.raw("prefs")) // [] is none
	if hash := r.text("password"); hash != "" {
		v["passwordHash"] = hash
		v.text("hash", r.text("hash"))
		options := r.object("hashOptions")
		for name, option := range map[string]string{"passwordVersion": "version", "passwordSaltSeparator": "saltSeparator", "passwordSignerKey": "signerKey",
			"passwordSalt": "salt", "passwordCpu": "costCpu", "passwordMemory": "costMemory", "passwordParallel": "costParallel", "passwordLength": "length"} {
			v.text(name, options.text(option))
		}
	}
	return v, nil
}

// auth0Row is a user of Auth0: of its export of users, of that of hashes, or of a
// file for its import.
func auth0Row(r record) (map[string]any, error) {
	v := values{"status": !r.truth("blocked")}
	v.text("userId", auth0ID(r))
	email, verified := r.text("email"), r.truth("email_verified")
	if email == "" {
		email, verified = auth0Identifier(r, "email")
	}
	if v.text("email", email); email != "" {
		v["emailVerification"] = verified
	}
	if phone := r.text("phone_number"); phone != "" {
		v["phone"], v["phoneVerification"] = phone, r.truth("phone_verified")
	}
	v.text("name", auth0Name(r))
	v.object("prefs", r.raw("user_metadata"))
	v.date("registration", r.text("created_at"))
	v.date("accessedAt", r.text("last_login"))
	v.date("passwordUpdate", r.object("password_set_date").text("$date"))
	v.text("passwordHash", r.first("passwordHash", "password_hash"))
	if custom := r.object("custom_password_hash"); custom != nil {
		return v, auth0Hash(custom, v)
	}
	return v, nil
}

// auth0ID is the id without the name of Auth0's own database; that of another
// provider stands before a period.
func auth0ID(r record) string {
	id := r.first("user_id", "alt_id")
	if id == "" {
		id = r.object("_id").text("$oid")
	}
	return strings.ReplaceAll(strings.TrimPrefix(id, "auth0|"), "|", ".")
}

func auth0Name(r record) string {
	if name := r.text("name"); name != "" {
		return name
	}
	if full := strings.TrimSpace(r.text("given_name") + " " + r.text("family_name")); full != "" {
		return full
	}
	return r.first("nickname", "username")
}

// auth0Identifier is the identifier of a kind, where the user itself has none.
func auth0Identifier(r record, kind string) (value string, verified bool) {
	raw, _ := r["identifiers"].(json.RawMessage)
	var all []struct {
		Type, Value string
		Verified    bool
	}
	if raw == nil || json.Unmarshal(raw, &all) != nil {
		return "", false
	}
	for _, one := range all {
		if one.Type == kind {
			return one.Value, one.Verified
		}
	}
	return "", false
}

// auth0Hash reads custom_password_hash.
func auth0Hash(custom record, v values) error {
	const field = "custom_password_hash"
	algorithm, salt := custom.text("algorithm"), custom.object("salt")
	if encoding := custom.object("password").text("encoding"); encoding != "" && encoding != "utf8" {
		return faultOf(field, "passwords are in UTF-8 here")
	}
	if algorithm != "scrypt" && salt.text("value") != "" {
		return faultOf(field, "a salt beside the hash is taken with scrypt only")
	}
	value := custom.object("hash")
	switch algorithm {
	case "argon2", "bcrypt":
		v["hash"], v["passwordHash"] = algorithm, value.text("value")
		return nil
	case "md5":
		v["hash"] = "md5"
	case "sha1", "sha256", "sha512":
		v["hash"], v["passwordVersion"] = "sha", algorithm
	case "scrypt":
		v["hash"] = "scrypt"
		for name, member := range map[string][2]string{"passwordCpu": {"cost", "16384"}, "passwordMemory": {"blockSize", "8"},
			"passwordParallel": {"parallelization", "1"}, "passwordLength": {"keylen", ""}} {
			v[name] = custom.text(member[0])
			if v[name] == "" {
				v[name] = member[1]
			}
		}
		text, ok := decoded(salt)
		if !ok || !utf8.Valid(text) {
			return faultOf(field, "the salt of scrypt must be a text in UTF-8")
		}
		v["passwordSalt"] = string(text)
	default:
		return faultOf(field, "its algorithm is none of argon2, bcrypt, md5, sha1, sha256, sha512 and scrypt: these users need a new password")
	}
	sum, ok := decoded(value)
	if !ok {
		return faultOf(field, "the hash is not in its encoding")
	}
	v["passwordHash"] = hex.EncodeToString(sum)
	return nil
}

// decoded are the bytes of a value with its encoding: hex, base64, or utf8 by
// default.
func decoded(r record) ([]byte, bool) {
	text := r.text("value")
	switch r.text("encoding") {
	case "hex":
		b, err := hex.DecodeString(text)
		return b, err == nil
	case "base64":
		b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
		return b, err == nil
	}
	return []byte(text), true
}
