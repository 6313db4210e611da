package server

import (
	"regexp"
	"strings"

	"github.com/mileusna/useragent"
)

// agent is what a user agent says of a client, in the words and codes of
// Appwrite's sessions (contract section 4). What is not known is "".
type agent struct {
	osCode, osName, osVersion            string
	kind, code, name, version            string
	engine, engineVersion                string
	deviceName, deviceBrand, deviceModel string
}

// coded is a name with the code that the device-detection data of Matomo,
// which Appwrite reads, has for it.
type coded struct{ code, name string }

// systems are the operating systems by the parser's names.
var systems = map[string]coded{
	useragent.Windows:  {"WIN", "Windows"},
	useragent.MacOS:    {"MAC", "Mac"},
	useragent.Linux:    {"LIN", "GNU/Linux"},
	useragent.Android:  {"AND", "Android"},
	useragent.IOS:      {"IOS", "iOS"},
	useragent.ChromeOS: {"COS", "Chrome OS"},
	useragent.FreeBSD:  {"BSD", "FreeBSD"},
}

// browser is a browser on desktops and, if it is another there, on phones.
type browser struct {
	desktop, mobile coded
	engine          string
}

// browsers are the browsers by the parser's names.
var browsers = map[string]browser{
	useragent.Chrome:           {coded{"CH", "Chrome"}, coded{"CM", "Chrome Mobile"}, blink},
	useragent.HeadlessChrome:   {coded{"HC", "Headless Chrome"}, coded{}, blink},
	useragent.Firefox:          {coded{"FF", "Firefox"}, coded{"FM", "Firefox Mobile"}, gecko},
	useragent.Safari:           {coded{"SF", "Safari"}, coded{"MF", "Mobile Safari"}, webKit},
	useragent.Edge:             {coded{"PS", "Microsoft Edge"}, coded{}, blink},
	useragent.Opera:            {coded{"OP", "Opera"}, coded{"OM", "Opera Mobile"}, blink},
	useragent.SamsungBrowser:   {coded{"SB", "Samsung Browser"}, coded{}, blink},
	useragent.Vivaldi:          {coded{"VI", "Vivaldi"}, coded{}, blink},
	useragent.InternetExplorer: {coded{"IE", "Internet Explorer"}, coded{}, "Trident"},
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

// parseAgent reads a user agent.
func parseAgent(text string) agent {
	ua := useragent.Parse(text)
	a := agent{}
	a.setSystem(ua, text)
	if name, ok := libraries[ua.Name]; ok {
		a.kind, a.name, a.version = "library", name, majorMinor(ua.Version)
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
func (a *agent) setSystem(ua useragent.UserAgent, text string) {
	system, ok := systems[ua.OS]
	if !ok && strings.Contains(strings.ToLower(text), "linux") {
		system = systems[useragent.Linux] // programs that only name it
	}
	a.osCode, a.osName = system.code, system.name
	switch version := ua.OSVersion; {
	case a.osCode == "WIN":
		a.osVersion = windowsNames[version]
	case a.osCode == "AND", a.osCode == "IOS", a.osCode == "MAC":
		a.osVersion = version
	}
}

// setBrowser finds the browser and its engine.
func (a *agent) setBrowser(b browser, ua useragent.UserAgent, text string, handheld bool) {
	is := b.desktop
	if handheld && b.mobile != (coded{}) {
		is = b.mobile
	}
	a.engine = b.engine
	if a.osCode == "IOS" { // where every browser has Apple's engine
		a.engine = webKit
		if is.code == "CM" {
			is = coded{"CI", "Chrome Mobile iOS"}
		}
	}
	a.kind, a.code, a.name, a.version = "browser", is.code, is.name, majorMinor(ua.Version)
	if m := engineVersions[a.engine]; m != nil {
		if found := m.FindStringSubmatch(text); found != nil {
			a.engineVersion = found[1]
		}
	}
}

// brands are the makers of devices, by how the names of their models begin.
var brands = []struct{ prefix, brand string }{
	{"iPhone", "Apple"}, {"iPad", "Apple"}, {"iPod", "Apple"}, {"Pixel", "Google"}, {"Nexus", "Google"},
	{"SM-", "Samsung"}, {"SAMSUNG", "Samsung"}, {"Moto", "Motorola"}, {"Redmi", "Xiaomi"}, {"HUAWEI", "Huawei"},
}

// setDevice finds the device, as far as the user agent names it.
func (a *agent) setDevice(ua useragent.UserAgent, handheld bool) {
	switch {
	case ua.Tablet:
		a.deviceName = "tablet"
	case ua.Mobile:
		a.deviceName = "smartphone"
	case ua.Desktop:
		a.deviceName = "desktop"
	}
	if !handheld {
		return
	}
	a.deviceModel = ua.Device
	for _, b := range brands {
		if strings.HasPrefix(ua.Device, b.prefix) {
			a.deviceBrand = b.brand
		}
	}
}

// majorMinor is the first two numbers of a version.
func majorMinor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}
