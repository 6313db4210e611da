package server

import (
	"github.com/isojot/isojot/internal/store"
	"github.com/isojot/isojot/server/internal/locale"
	"github.com/isojot/isojot/server/internal/useragent"
	"github.com/isojot/isojot/server/internal/wire"
)

// sessionJSON is a session, its members in the order of contract section 4.
type sessionJSON struct {
	ID                        string   `json:"$id"`
	CreatedAt                 string   `json:"$createdAt"`
	UpdatedAt                 string   `json:"$updatedAt"`
	UserID                    string   `json:"userId"`
	Expire                    string   `json:"expire"`
	Provider                  string   `json:"provider"`
	ProviderUID               string   `json:"providerUid"`
	ProviderAccessToken       string   `json:"providerAccessToken"`
	ProviderAccessTokenExpiry string   `json:"providerAccessTokenExpiry"`
	ProviderRefreshToken      string   `json:"providerRefreshToken"`
	IP                        string   `json:"ip"`
	OSCode                    string   `json:"osCode"`
	OSName                    string   `json:"osName"`
	OSVersion                 string   `json:"osVersion"`
	ClientType                string   `json:"clientType"`
	ClientCode                string   `json:"clientCode"`
	ClientName                string   `json:"clientName"`
	ClientVersion             string   `json:"clientVersion"`
	ClientEngine              string   `json:"clientEngine"`
	ClientEngineVersion       string   `json:"clientEngineVersion"`
	DeviceName                string   `json:"deviceName"`
	DeviceBrand               string   `json:"deviceBrand"`
	DeviceModel               string   `json:"deviceModel"`
	CountryCode               string   `json:"countryCode"`
	CountryName               string   `json:"countryName"`
	Current                   bool     `json:"current"`
	Factors                   []string `json:"factors"`
	// Secret is empty unless the request carries an API key.
	Secret       string `json:"secret"`
	MFAUpdatedAt string `json:"mfaUpdatedAt"`
}

// sessionView is a session as the caller sees it; current says that it is the
// one the caller presented.
func sessionView(s *store.Session, current bool) sessionJSON {
	a := useragent.Parse(s.UserAgent)
	access, accessExpiry, refresh := providerTokenJSON(s.ProviderToken)
	return sessionJSON{
		ProviderAccessToken: access, ProviderAccessTokenExpiry: accessExpiry, ProviderRefreshToken: refresh,
		ID: s.ID, CreatedAt: wire.Date(s.CreatedAt), UpdatedAt: wire.Date(s.UpdatedAt), UserID: s.UserID,
		Expire: wire.Date(s.ExpiresAt), Provider: s.Provider, ProviderUID: s.ProviderUID, IP: s.IP,
		OSCode: a.OSCode, OSName: a.OSName, OSVersion: a.OSVersion,
		ClientType: a.Kind, ClientCode: a.Code, ClientName: a.Name, ClientVersion: a.Version,
		ClientEngine: a.Engine, ClientEngineVersion: a.EngineVersion,
		DeviceName: a.DeviceName, DeviceBrand: a.DeviceBrand, DeviceModel: a.DeviceModel,
		CountryCode: locale.UnknownCode, CountryName: locale.UnknownPlace, Current: current, Factors: s.Factors,
		MFAUpdatedAt: wire.Date(s.MFAAt),
	}
}

// sessionListJSON is the list of a user's sessions.
type sessionListJSON struct {
	Total    int           `json:"total"`
	Sessions []sessionJSON `json:"sessions"`
}

// sessionSince are the members of a session that older formats have not.
var sessionSince = map[wire.Version][]string{formatMFA: {"factors", "secret"}}

func (s sessionJSON) Format(v wire.Version) any { return wire.Less(s, v, sessionSince) }

func (l sessionListJSON) Format(v wire.Version) any {
	list := make([]any, len(l.Sessions))
	for i, s := range l.Sessions {
		list[i] = s.Format(v)
	}
	return struct {
		Total    int   `json:"total"`
		Sessions []any `json:"sessions"`
	}{l.Total, list}
}
