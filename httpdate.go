package isojot

import (
	"strings"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
)

// serverDate is the server's time at the answer. Pages see it only where the
// server is theirs or exposes it.
func serverDate(res *Response) (time.Time, bool) { return parseDate(res.Get("date")) }

// parseDate reads "Sun, 06 Nov 1994 08:49:37 GMT", the one form in which HTTP
// dates are sent (RFC 9110 section 5.6.7). time.Parse would cost the browser
// build 13 kB.
func parseDate(s string) (time.Time, bool) {
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	if len(s) != 29 || s[25:] != " GMT" || s[19] != ':' || s[22] != ':' {
		return time.Time{}, false
	}
	month := strings.Index(months, s[8:11])
	var n [5]int // day, year, hour, minute, second
	for i, digits := range [...]string{s[5:7], s[12:16], s[17:19], s[20:22], s[23:25]} {
		value, ok := jsonobj.Int(digits)
		if !ok || value < 0 || month%3 != 0 {
			return time.Time{}, false
		}
		n[i] = int(value)
	}
	return time.Date(n[1], time.Month(month/3+1), n[0], n[2], n[3], n[4], 0, time.UTC), true
}
