package replay

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// totpForm is the form of an authenticator's secret.
var totpForm = regexp.MustCompile(`^[A-Z2-7]{64,128}$`)

// totpPeriod is how long a code is shown, in seconds (RFC 6238).
const totpPeriod = 30

// totp is the code of 6 digits that an authenticator with a secret shows at a
// time (RFC 6238, SHA-1); "" for what is no secret.
func totp(secret string, at time.Time) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(secret, "="))
	if err != nil {
		return ""
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(at.Unix()/totpPeriod))
	m := hmac.New(sha1.New, key)
	m.Write(counter[:])
	sum := m.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1000000)
}

// otpMember is a code in a request's body.
var otpMember = regexp.MustCompile(`"otp":"([0-9]{6})"`)

// maxSteps is how many periods a recorded code may be off: one of ten minutes ago
// was tried.
const maxSteps = 20

// abstractTOTP replaces the code of a known authenticator in a body by a
// variable that is made when the step is played.
func (l *learner) abstractTOTP(s *step, body string, at time.Time) string {
	return otpMember.ReplaceAllStringFunc(body, func(m string) string {
		code := otpMember.FindStringSubmatch(m)[1]
		for _, secret := range l.totps {
			for steps := -maxSteps; steps <= maxSteps; steps++ {
				if totp(secret, at.Add(time.Duration(steps)*totpPeriod*time.Second)) == code {
					return `"otp":"` + l.define(s, made{TOTP: "${" + l.known[secret] + "}", Steps: steps}) + `"`
				}
			}
		}
		return m
	})
}

// repeatsCode reports whether a step shows a code that the recorded server took:
// the recorder showed one several times in its 30 seconds, the tested server
// takes it once.
func (s *step) repeatsCode() bool {
	for _, m := range s.Made {
		if m.TOTP != "" && s.Want != nil && s.Want.Status < 300 {
			return true
		}
	}
	return false
}

// forgetCodes lets codes be shown again.
func (w *world) forgetCodes() error {
	if !w.has("authenticators", "last_step") {
		return nil
	}
	_, err := w.db.ExecContext(w.ctx, "UPDATE authenticators SET last_step = 0")
	return err
}
