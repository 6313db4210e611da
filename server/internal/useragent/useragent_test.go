package useragent

import "testing"

func TestAgents(t *testing.T) {
	t.Parallel()
	const windows, android = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ", "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
	for text, want := range map[string]Agent{
		windows + "Chrome/70.0.3538.77 Safari/537.36": {"WIN", "Windows", "10", "browser", "CH", "Chrome", "70.0", "Blink", "70.0.3538.77", "desktop", "", ""},
		"Mozilla/5.0 (Linux; Android 8.0.0; Pixel 2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.80 Mobile Safari/537.36": {
			"AND", "Android", "8.0.0", "browser", "CM", "Chrome Mobile", "70.0", "Blink", "70.0.3538.80", "smartphone", "Google", "Pixel 2"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.5 Mobile/15E148 Safari/604.1": {
			"IOS", "iOS", "16.5", "browser", "MF", "Mobile Safari", "16.5", "WebKit", "605.1.15", "smartphone", "Apple", "iPhone"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/114.0.5735.99 Mobile/15E148 Safari/604.1": {
			"IOS", "iOS", "16.5", "browser", "CI", "Chrome Mobile iOS", "114.0", "WebKit", "605.1.15", "smartphone", "Apple", "iPhone"},
		"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0": {
			"LIN", "GNU/Linux", "", "browser", "FF", "Firefox", "121.0", "Gecko", "121.0", "desktop", "", ""},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15": {
			"MAC", "Mac", "10.15.7", "browser", "SF", "Safari", "17.0", "WebKit", "605.1.15", "desktop", "", ""},
		windows + "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91": {"WIN", "Windows", "10", "browser", "PS", "Microsoft Edge", "120.0", "Blink", "120.0.0.0", "desktop", "", ""},
		android + "Chrome/112.0.0.0 Mobile Safari/537.36":            {"AND", "Android", "13", "browser", "CM", "Chrome Mobile", "112.0", "Blink", "112.0.0.0", "smartphone", "Samsung", "SM-S918B"},
		"curl/8.5.0":                          {Kind: "library", Name: "curl", Version: "8.5"},
		"AppwriteGoSDK/v7.2.0 (linux; amd64)": {OSCode: "LIN", OSName: "GNU/Linux"},
		"node":                                {},
		"":                                    {},
		"\x00\xff ;;; (((":                    {},
	} {
		if got := Parse(text); got != want {
			t.Errorf("%q\nis   %+v\nwant %+v", text, got, want)
		}
	}
}
