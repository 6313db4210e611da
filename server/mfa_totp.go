package server

import (
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/isojot/isojot/server/internal/ids"
)

// What authenticators compute codes with (RFC 6238), as in Appwrite.
const (
	totpSecretBytes = 64 // 103 characters of base32
	totpPeriod      = 30 * time.Second
	// totpSkew is by how many steps a user's clock may differ (RFC 6238 section 5.2).
	totpSkew = 1
	// totpStale is by how many steps the last code that was taken may lie ahead.
	// Where it is more, this server's clock was set back, and its users would be
	// shut out until it is there again.
	totpStale = 10
)

// totpOptions are those of the codes; Appwrite's, and most apps', are these.
var totpOptions = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// newTOTPSecret makes a secret, in base32 without padding.
func newTOTPSecret() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(ids.Random(totpSecretBytes))
}

// totpURI is what authenticator apps read as a QR code.
func totpURI(secret, issuer, account string) string {
	issuer = strings.ReplaceAll(issuer, ":", " ") // which ends it in the label
	return "otpauth://totp/" + rawEscape(issuer+":"+account) + "?issuer=" + rawEscape(issuer) + "&secret=" + secret
}

// rawEscape writes all but letters, digits and -_.~ in percents, as apps expect
// it of blanks, too.
func rawEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// totpStep is the time step whose code that is, of those around now that come
// after the last one that was taken; ok says whether there is one. Codes work
// once, and none does that is older (RFC 6238 section 5.2).
func totpStep(secret, code string, last int64, now time.Time) (step int64, ok bool, err error) {
	at := now.Unix() / int64(totpPeriod/time.Second)
	if last > at+totpStale {
		last = 0
	}
	for _, step := range []int64{at, at - totpSkew, at + totpSkew} {
		if step <= last {
			continue
		}
		ok, err := validTOTP(secret, code, step)
		if ok || err != nil {
			return step, ok, err
		}
	}
	return 0, false, nil
}

// validTOTP compares a code with that of a step, in constant time.
func validTOTP(secret, code string, step int64) (bool, error) {
	if len(code) != totpOptions.Digits.Length() { // which the library calls an error
		return false, nil
	}
	return hotp.ValidateCustom(code, uint64(step), secret, totpOptions)
}
