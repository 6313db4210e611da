package server

import (
	"strings"

	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/locale"
	"github.com/isojot/isojot/server/internal/mail"
	"github.com/isojot/isojot/server/internal/useragent"
)

// alertDate is how an alert writes the time, in UTC.
const alertDate = "2 January 2006, 15:04 MST"

// alert mails a user about a session that a password has made, where the project
// asks for that, unless it is the only one. Servers with an API key know whom they
// sign in.
func (c *call) alert(t *store.Tx, u *store.User, s *store.Session) error {
	if !c.config.rules.SessionAlerts || u.Email == "" || c.byKey() {
		return nil
	}
	sessions, err := t.Sessions(c.r.Context(), c.project.ID, u.ID)
	if err != nil || len(sessions) == 1 {
		return err
	}
	agent := useragent.Parse(s.UserAgent)
	device := strings.Join(nonEmpty(agent.Name, agent.OSName, agent.DeviceName), ", ")
	if device == "" {
		device = "unknown"
	}
	return c.mail(t, mail.Mail{Kind: mail.SessionAlert, To: u.Email, Values: mail.Values{
		User: u.Name, DateTime: s.CreatedAt.UTC().Format(alertDate), Device: device,
		IPAddress: s.IP, Country: locale.UnknownPlace,
	}})
}

// nonEmpty are the texts that are not empty.
func nonEmpty(texts ...string) []string {
	var all []string
	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}
