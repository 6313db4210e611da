// Package useragent says what a User-Agent header tells of a client, in the words
// and codes of Appwrite's sessions.
package useragent

import (
	"regexp"
	"strings"

	parser "github.com/mileusna/useragent"
)

// Agent is what a user agent says of a client, in the words and codes of
// Appwrite's sessions (contract section 4). What is not known is "".
type Agent struct {
	OSCode, OSName, OSVersion            string
	Kind, Code, Name, Version            string
	Engine, EngineVersion                string
	DeviceName, DeviceBrand, DeviceModel string
}

// coded is a name with the code that the device-detection data of Matomo,
// which Appwrite reads, has for it.
type coded struct{ code, name string }

// systems are the operating systems by the parser's names.
var systems = map[string]coded{
	parser.Windows:  {"WIN", "Windows"},
	parser.MacOS:    {"MAC", "Mac"},
	parser.Linux:    {"LIN", "GNU/Linux"},
	parser.Android:  {"AND", "Android"},
	parser.IOS:      {"IOS", "iOS"},
	parser.ChromeOS: {"COS", "Chrome OS"},
	parser.FreeBSD:  {"BSD", "FreeBSD"},
}

// browser is a browser on desktops and, if it is another there, on phones.
type browser struct {
	desktop, mobile coded
	engine          string
}

// browsers are the browsers by the parser's names.
var browsers = map[string]browser{
	parser.Chrome:           {coded{"CH", "Chrome"}, coded{"CM", "Chrome Mobile"}, blink},
	parser.HeadlessChrome:   {coded{"HC", "Headless Chrome"}, coded{}, blink},
	parser.Firefox:          {coded{"FF", "Firefox"}, coded{"FM", "Firefox Mobile"}, gecko},
	parser.Safari:           {coded{"SF", "Safari"}, coded{"MF", "Mobile Safari"}, webKit},
	parser.Edge:             {coded{"PS", "Microsoft Edge"}, coded{}, blink},
	parser.Opera:            {coded{"OP", "Opera"}, coded{"OM", "Opera Mobile"}, blink},
	parser.SamsungBrowser:   {coded{"SB", "Samsung Browser"}, coded{}, blink},
	parser.Vivaldi:          {coded{"VI", "Vivaldi"}, coded{}, blink},
	parser.InternetExplorer: {coded{"IE", "Internet Explorer"}, coded{}, "Trident"},
}

// The engines. Their versions are where each one's browsers name them.
const (
	blink  = "Blink"
	gecko  = "Gecko"
	webKit = "WebKit"
)

var engineVersions = map[string]*regexp.Regexp{
	blink:  regexp.MustCompile(`Chrom(?:e|ium)/([\d.]+)`),
	gecko:  regexp.MustCompile(`rv:([\d.]+)`),
	webKit: regexp.MustCompile(`AppleWebKit/([\d.]+)`),
}

// libraries are programs that are no browsers, by the parser's names.
var libraries = map[string]string{
	"curl": "curl", "Go-http-client": "Go-http-client", "Wget": "Wget", "python-requests": "Python Requests",
	"okhttp": "OkHttp", "Dart": "Dart", "axios": "Axios", "node-fetch": "Node Fetch", "GuzzleHttp": "Guzzle (PHP HTTP Client)",
}

// Parse reads a user agent.
func Parse(text string) Agent {
	ua := parser.Parse(text)
	a := Agent{}
	a.setSystem(ua, text)
	if name, ok := libraries[ua.Name]; ok {
		a.Kind, a.Name, a.Version = "library", name, majorMinor(ua.Version)
		return a
	}
	b, ok := browsers[ua.Name]
	if !ok || ua.Bot {
		return a
	}
	handheld := ua.Mobile || ua.Tablet
	a.setBrowser(b, ua, text, handheld)
	a.setDevice(ua, handheld)
	return a
}

// windowsNames are the versions of Windows by those of its kernel.
var windowsNames = map[string]string{"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.1": "XP"}

// setSystem finds the operating system.
func (a *Agent) setSystem(ua parser.UserAgent, text string) {
	system, ok := systems[ua.OS]
	if !ok && strings.Contains(strings.ToLower(text), "linux") {
		system = systems[parser.Linux] // programs that only name it
	}
	a.OSCode, a.OSName = system.code, system.name
	switch version := ua.OSVersion; {
	case a.OSCode == "WIN":
		a.OSVersion = windowsNames[version]
	case a.OSCode == "AND", a.OSCode == "IOS", a.OSCode == "MAC":
		a.OSVersion = version
	}
}

// setBrowser finds the browser and its engine.
func (a *Agent) setBrowser(b browser, ua parser.UserAgent, text string, handheld bool) {
	is := b.desktop
	if handheld && b.mobile != (coded{}) {
		is = b.mobile
	}
	a.Engine = b.engine
	if a.OSCode == "IOS" { // where every browser has Apple's engine
		a.Engine = webKit
		if is.code == "CM" {
			is = coded{"CI", "Chrome Mobile iOS"}
		}
	}
	a.Kind, a.Code, a.Name, a.Version = "browser", is.code, is.name, majorMinor(ua.Version)
	if m := engineVersions[a.Engine]; m != nil {
		if found := m.FindStringSubmatch(text); found != nil {
			a.EngineVersion = found[1]
		}
	}
}

// brands are the makers of devices, by how the names of their models begin.
var brands = []struct{ prefix, brand string }{
	{"iPhone", "Apple"}, {"iPad", "Apple"}, {"iPod", "Apple"}, {"Pixel", "Google"}, {"Nexus", "Google"},
	{"SM-", "Samsung"}, {"SAMSUNG", "Samsung"}, {"Moto", "Motorola"}, {"Redmi", "Xiaomi"}, {"HUAWEI", "Huawei"},
}

// setDevice finds the device, as far as the user agent names it.
func (a *Agent) setDevice(ua parser.UserAgent, handheld bool) {
	switch {
	case ua.Tablet:
		a.DeviceName = "tablet"
	case ua.Mobile:
		a.DeviceName = "smartphone"
	case ua.Desktop:
		a.DeviceName = "desktop"
	}
	if !handheld {
		return
	}
	a.DeviceModel = ua.Device
	for _, b := range brands {
		if strings.HasPrefix(ua.Device, b.prefix) {
			a.DeviceBrand = b.brand
		}
	}
}

// majorMinor is the first two numbers of a version.
func majorMinor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}
