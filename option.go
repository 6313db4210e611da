package isojot

import (
	"context"
	"strings"

	"github.com/isojot/isojot/internal/ascii"
	"github.com/isojot/isojot/internal/caller"
)

// Option sets one thing of a Client. The order of options does not matter,
// but of two for the same thing the later one counts.
type Option func(*config) error

// config is what a Client is made of; it does not change once the Client is.
type config struct {
	endpoint, project         string
	jwt, session, key, locale string
	format                    string
	header                    map[string]string
	transport                 Transport
	storage                   Storage
	// jar says that the platform keeps cookies: true in browsers only.
	jar bool
	// bearer, where set, hands out the JWT of each request on the JWT lane.
	bearer *bearer
	// observer, where set, is told of each call.
	observer *observer
	// evidence is what is known of the session for errors; never nil in a Client.
	evidence *evidence
	// tabs is what a browser's tabs share; nil elsewhere.
	tabs *browserTabs
	// probe asks whether anything answers at a URL of any origin; nil outside
	// browsers, where no answer is ever kept from the program.
	probe func(ctx context.Context, url string) bool
}

// renamed forgets what was known of the identity that an option replaces.
func (c *config) renamed() {
	c.observer = nil
	c.evidence = nil
}

// maxCredential bounds a credential: 8 KiB, what HTTP servers commonly allow
// for a header. The longest real one, a session, has about 400 bytes.
const maxCredential = 8 << 10

// WithJWT makes the client act for the user who created the token, on every
// operation that allows it; sign-in, createJWT and sign-out of the session
// keep using the session. "" takes an earlier token away. A value that does
// not look like a JWT (RFC 7519: three parts of base64url joined by dots) is
// an error.
func WithJWT(jwt string) Option {
	return func(c *config) error {
		if jwt != "" {
			if err := checkToken(jwt); err != nil {
				return err
			}
		}
		c.jwt, c.bearer = jwt, nil
		c.renamed()
		return nil
	}
}

// WithSession makes the client use a session: Session.Secret as a sign-in
// returned it, or the value of the cookie a_session_<project>, in which %3D
// may stand for "=". "" takes an earlier session away.
func WithSession(secret string) Option {
	return func(c *config) error {
		c.session = unescapeCookie(secret)
		c.renamed()
		return checkCredential("session", c.session)
	}
}

// WithKey makes the client use an API key where neither a JWT nor a session
// is set. Three things go by the key all the same, since they give nobody the
// rights of another: the users service, which takes nothing else, signing up and
// in, whose answer then has the session's secret, and what guests may ask too
// (package locale). A key belongs on servers, never in a page. "" takes it away.
func WithKey(key string) Option {
	return func(c *config) error {
		c.key = key
		c.renamed()
		return checkCredential("key", key)
	}
}

// WithLocale asks for messages in that language, such as "en" or "pt-br".
func WithLocale(locale string) Option {
	return func(c *config) error {
		c.locale = locale
		return checkCredential("locale", locale)
	}
}

// WithResponseFormat asks for answers in the shapes that the API had in that
// version, such as "1.9.5": for programs that read answers of Call by models of
// their own. "" is the version whose shapes the models of this package follow.
func WithResponseFormat(version string) Option {
	return func(c *config) error {
		c.format = version
		return checkCredential("response format", version)
	}
}

// WithHeader adds a header to every request; "" takes it away. The headers
// that carry credentials have options of their own and are refused.
func WithHeader(name, value string) Option {
	return func(c *config) error {
		name := ascii.Lower(name)
		if err := checkHeader(name, value); err != nil {
			return err
		}
		header := make(map[string]string, len(c.header)+1)
		for k, v := range c.header {
			header[k] = v
		}
		header[name] = value
		if value == "" {
			delete(header, name)
		}
		c.header = header
		return nil
	}
}

// WithTransport replaces what carries the requests.
func WithTransport(t Transport) Option {
	return func(c *config) error {
		if t == nil {
			return invalid("transport: nil; leave the option out to use the platform's own")
		}
		c.transport, c.probe = answering{t}, nil // what another transport meets is not known
		return nil
	}
}

// WithStorage says where the client remembers a session that it signed in
// with, as a browser's cookie jar would. In browsers the default is
// localStorage, used only where a sign-in shows that the cookie is not kept;
// elsewhere there is none, and the client never remembers a session, so that
// a client shared by several users cannot mix them up. Give each user's
// client a storage of its own. nil takes it away.
func WithStorage(s Storage) Option {
	return func(c *config) error {
		c.storage = s
		c.renamed()
		return nil
	}
}

// setsHeader names what sets a header that is the client's own, "" for others.
func setsHeader(name string) string {
	switch name {
	case "x-appwrite-project":
		return caller.SetProject
	case "x-appwrite-jwt":
		return caller.SetJWT
	case "x-appwrite-session", "cookie":
		return caller.SetSession
	case "x-appwrite-key":
		return caller.SetKey
	case "x-appwrite-locale":
		return caller.SetLocale
	case "x-fallback-cookies":
		return caller.SetStorage
	case "x-appwrite-response-format":
		return caller.SetFormat
	case "content-type":
		return "nothing, it is fixed"
	}
	return ""
}

func checkHeader(name, value string) error {
	if by := setsHeader(name); by != "" {
		return invalid("header " + name + " is set by " + by + ", not by " + caller.SetHeader)
	}
	if name == "" {
		return invalid("header: the name is empty")
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; !ascii.Alphanumeric(c) && !strings.Contains("!#$%&'*+-.^_`|~", string(rune(c))) {
			return invalid("header: the name " + quote(name) + " has a character that HTTP does not allow (RFC 9110 section 5.1)")
		}
	}
	return checkCredential("header "+name, value)
}

// checkCredential refuses what cannot stand in a header. The value is not
// repeated in the error: it may be secret.
func checkCredential(field, value string) error {
	if len(value) > maxCredential {
		return invalid(field + ": longer than 8192 bytes")
	}
	for i := 0; i < len(value); i++ {
		if value[i] <= ' ' && value[i] != ' ' || value[i] >= 0x7f {
			return invalid(field + ": has a line break or another character that cannot stand in a header; pass the value as the server sent it")
		}
	}
	if value != ascii.Trim(value) {
		return invalid(field + ": begins or ends with a space; trim it")
	}
	return nil
}
