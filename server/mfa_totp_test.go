package server

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

func TestTOTPSteps(t *testing.T) {
	secret := newTOTPSecret()
	at := time.Unix(1_800_000_000, 0).UTC()
	step := at.Unix() / 30
	for _, c := range []struct {
		name    string
		of      time.Duration // whose code it is, from now
		last    int64         // the last step that was taken, from now's
		want    int64         // from now's
		refused bool
	}{
		{name: "now", last: -100},
		{name: "the step before", of: -30 * time.Second, last: -100, want: -1},
		{name: "the step after", of: 30 * time.Second, last: -100, want: 1},
		{name: "two before", of: -60 * time.Second, last: -100, refused: true},
		{name: "two after", of: 60 * time.Second, last: -100, refused: true},
		{name: "taken", last: 0, refused: true},
		{name: "before one that was taken", of: -30 * time.Second, last: 0, refused: true},
		{name: "after one that was taken", of: 30 * time.Second, last: 0, want: 1},
		{name: "a little before one that was taken by another clock", last: totpStale, refused: true},
		{name: "long before, when the clock was set back", last: totpStale + 1},
	} {
		code, err := totp.GenerateCode(secret, at.Add(c.of))
		if err != nil {
			t.Fatal(err)
		}
		got, ok, err := totpStep(secret, code, step+c.last, at)
		if err != nil || ok == c.refused || ok && got != step+c.want {
			t.Errorf("%s: step %d, %t, %v", c.name, got-step, ok, err)
		}
	}
}

// RFC 6238, appendix B, SHA-1: the last six of the eight digits there.
func TestTOTPAsInTheRFC(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if step, ok, err := totpStep(secret, code, 0, time.Unix(at, 0)); err != nil || !ok || step != at/30 {
			t.Errorf("at %d: step %d, %t, %v", at, step, ok, err)
		}
	}
}

func TestTOTPURI(t *testing.T) {
	for _, c := range [][3]string{
		{"Golden Project", "a@b.example", "otpauth://totp/Golden%20Project%3Aa%40b.example?issuer=Golden%20Project&secret=S"},
		{"a:b/c&d=é+", "x y", "otpauth://totp/a%20b%2Fc%26d%3D%C3%A9%2B%3Ax%20y?issuer=a%20b%2Fc%26d%3D%C3%A9%2B&secret=S"},
	} {
		if got := totpURI("S", c[0], c[1]); got != c[2] {
			t.Errorf("%q\nwant %q", got, c[2])
		}
	}
}
