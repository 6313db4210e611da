package avatars

import (
	"encoding/json"
	"fmt"

	"github.com/isojot/isojot/internal/mask"
)

type getScreenshotFields GetScreenshot

func (p GetScreenshot) masked() getScreenshotFields {
	p.Headers = mask.Object(p.Headers)
	return getScreenshotFields(p)
}

// Format implements fmt.Formatter, without the values of the headers.
func (p GetScreenshot) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), p.masked())
}

// MarshalJSON masks the values of the headers.
func (p GetScreenshot) MarshalJSON() ([]byte, error) { return json.Marshal(p.masked()) }
