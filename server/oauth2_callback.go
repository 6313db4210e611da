package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/ids"
	"github.com/isojot/isojot/server/internal/providers"
	"github.com/isojot/isojot/server/internal/wire"
)

// The patterns of the callback, where providers send browsers.
var callbackPatterns = []string{
	"GET /v1/account/sessions/oauth2/callback/{provider}/{projectId}",
	"POST /v1/account/sessions/oauth2/callback/{provider}/{projectId}",
}

// maxCallback bounds the form that a provider lets a browser send, in bytes.
const maxCallback = 16 << 10

// callbackParams are what a provider says, in the order in which it is passed on.
var callbackParams = []string{"code", "error", "error_description", "state", "iss", "user"}

// oauth2Callback sends a browser that comes from a provider on, to where it is
// looked at: after a form, which providers such as Apple send, browsers have only
// then the cookies that go with a link.
func (s *Server) oauth2Callback(w http.ResponseWriter, r *http.Request) {
	for name := range w.Header() { // no page reads what is for providers
		if strings.HasPrefix(name, "Access-Control-") {
			w.Header().Del(name)
		}
	}
	project, name := strings.ToLower(r.PathValue("projectId")), r.PathValue("provider")
	config := s.config(project)
	err := checkProviderName(name, config)
	base := ""
	if err == nil {
		base, err = baseOf(r)
	}
	var said url.Values
	if err == nil {
		said, err = callbackValues(w, r)
	}
	if err != nil {
		s.writeErrorPage(w, "Appwrite", err)
		return
	}
	var query []string
	for _, name := range callbackParams {
		if value := said.Get(name); value != "" {
			query = append(query, name+"="+url.QueryEscape(value))
		}
	}
	query = append(query, "project="+url.QueryEscape(project))
	sendTo(w, base+"/v1/account/sessions/oauth2/"+name+"/redirect?"+strings.Join(query, "&"))
}

// callbackValues are the parameters of the query, or of the form.
func callbackValues(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if r.Method != http.MethodPost {
		return r.URL.Query(), nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxCallback)
	if err := r.ParseForm(); err != nil {
		return nil, wire.Failf(isojot.ErrBadRequest, "The provider's answer is no form of at most %d bytes.", maxCallback)
	}
	return r.PostForm, nil
}

// finishOAuth2 ends a sign-in whose browser is back:
// GET /account/sessions/oauth2/{provider}/redirect.
func (c *call) finishOAuth2() error {
	p, err := c.params()
	if err != nil {
		return err
	}
	name := c.r.PathValue("provider")
	if err := checkProviderName(name, c.config); err != nil {
		return err
	}
	state, browser, flow, err := c.takeFlow(p, name)
	if err != nil {
		return err
	}
	c.setFlowCookie(state, "")
	location, err := c.completeFlow(p, flow, browser)
	if err != nil {
		return c.endAt(flow.Failure, err)
	}
	c.sendTo(endOfFlow(location))
	return nil
}

// takeFlow takes the flow that the browser has started: once, in time, at that
// provider, in that project, and in that browser.
func (c *call) takeFlow(p wire.Params, name string) (state, browser string, flow store.OAuth2Flow, err error) {
	state, err = p.OptionalText("state", "Value must be a valid string", func(string) bool { return true })
	if err != nil {
		return "", "", flow, err
	}
	browser = c.flowSecret(state)
	err = store.ErrNotFound
	if state != "" && browser != "" {
		err = c.act(func(t *store.Tx) (err error) {
			flow, err = t.TakeOAuth2Flow(c.r.Context(), c.project.ID, name, ids.Hash(state), ids.Hash(browser))
			return err
		})
	}
	return state, browser, flow, store.NotFoundAs(err, wire.Failf(isojot.ErrUserOAuth2BadRequest,
		"This sign-in was not begun in this browser, is over already, or took longer than %d minutes. Begin it again.", oauth2Life/60e9))
}

// completeFlow asks the provider who the user is, and signs the user in. It returns
// where the browser goes.
func (c *call) completeFlow(p wire.Params, flow store.OAuth2Flow, browser string) (string, error) {
	provider := c.config.oauth2[flow.Provider]
	if provider == nil {
		return "", errProviderDisabled()
	}
	said := func(name string) string {
		v, _ := p.Value(name)
		text, _ := v.(string)
		return text
	}
	if refused := said("error"); refused != "" {
		if why := said("error_description"); why != "" {
			refused += ": " + why
		}
		return "", wire.Failf(isojot.ErrUserOAuth2ProviderError, "The %s OAuth2 provider returned an error: %s", provider.Title(), shortText(refused))
	}
	if said("code") == "" {
		return "", wire.Failf(isojot.ErrUserOAuth2ProviderError, "Missing OAuth2 code. Please contact the Appwrite team for additional support.")
	}
	if err := c.memory().hold(providers.MaxAnswer); err != nil {
		return "", err
	}
	defer c.memory().give(providers.MaxAnswer)
	tokens, profile, err := provider.Finish(c.r.Context(), flowRequest(flow, browser),
		providers.Answer{Code: said("code"), Issuer: said("iss"), User: said("user")})
	if err != nil {
		return "", c.providerFailure(provider, err)
	}
	return c.signInBy(provider, flow, tokens, profile)
}

// providerFailure is the refusal of a sign-in that failed at the provider. Why, is
// in the log, but for what the provider itself says to its user.
func (c *call) providerFailure(p *providers.Provider, err error) error {
	if ended := c.r.Context().Err(); ended != nil {
		return ended
	}
	c.s.log.Warn("a sign-in failed at its provider", "project", c.project.ID, "provider", p.Name(), "error", shortText(err.Error()))
	reason := "see the server's log"
	if refused, ok := errors.AsType[*providers.Refused](err); ok {
		reason = shortText(refused.Error())
	}
	return wire.Failf(isojot.ErrUserOAuth2ProviderFailure, "%s couldn't complete sign-in (%s). Please try again.", p.Title(), reason)
}

// maxSaid is how much of what a provider says is passed on, in characters.
const maxSaid = 200

// shortText is a text in one line, of bounded length.
func shortText(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if runes := []rune(text); len(runes) > maxSaid {
		return string(runes[:maxSaid]) + "..."
	}
	return text
}
