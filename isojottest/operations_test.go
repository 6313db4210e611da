//lint:file-ignore SA1019 Every operation is called, by its older names too.

package isojottest_test

import (
	"context"
	"crypto/md5"
	"crypto/sha512"
	"encoding/hex"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/isojot/isojot"
	"github.com/isojot/isojot/internal/operations"
	"github.com/isojot/isojot/isojottest"
	"github.com/isojot/isojot/server"
	"github.com/isojot/isojot/services/teams"
	"github.com/isojot/isojot/services/users"
)

// navigations make no request, but a URL for a browser.
var navigations = map[string]bool{"account.createOAuth2Session": true}

// everyOperation is a server, and what was called of it with success.
type everyOperation struct {
	*isojottest.Server
	t   *testing.T
	key *isojot.Client

	mu     sync.Mutex
	passed map[string]bool // patterns
}

const everyKey = "standard_0123456789abcdef0123456789abcdef"

// served are the operations of accounts, users and teams that the server answers.
func served() []operations.Operation {
	return slices.DeleteFunc(operations.All(), func(o operations.Operation) bool {
		return o.Endpoint == nil || !slices.Contains([]string{"account", "users", "teams"}, o.Service())
	})
}

// TestEveryOperation: the typed methods of Account and of the services users and
// teams, each called with success, and no operation without a method.
func TestEveryOperation(t *testing.T) {
	e := &everyOperation{
		Server: isojottest.NewServer(t, isojottest.WithLimits(server.LimitsOff), func(o *server.Options) { o.APIKey = everyKey }),
		t:      t, passed: map[string]bool{},
	}
	e.key = e.client(isojot.WithKey(everyKey))
	e.account()
	e.signIns()
	e.messages()
	e.factors()
	e.provider()
	e.teams()
	e.users()
	e.imports()

	methods := map[string]reflect.Type{
		"account": reflect.TypeFor[*isojot.Account](), "users": reflect.TypeFor[*users.Service](), "teams": reflect.TypeFor[*teams.Service](),
	}
	count := 0
	for _, o := range served() {
		if !hasMethod(methods[o.Service()], o.Method()) {
			t.Errorf("%s has no typed method", o.Name)
		}
		if !e.passed[o.Pattern] && !navigations[o.Name] {
			t.Errorf("%s (%s): not called with success", o.Name, o.Pattern)
			continue
		}
		count++
	}
	t.Logf("%d operations, all called with success", count)
}

// hasMethod compares without case: Go writes MFA where the deprecated names have Mfa.
func hasMethod(of reflect.Type, name string) bool {
	for i := range of.NumMethod() {
		if strings.EqualFold(of.Method(i).Name, name) {
			return true
		}
	}
	return false
}

// client is one whose requests that succeed are noted.
func (e *everyOperation) client(opts ...isojot.Option) *isojot.Client {
	c, err := isojot.NewClient(e.URL, e.Project, opts...)
	e.check(err)
	next := c.Transport()
	c, err = c.With(isojot.WithTransport(isojot.TransportFunc(func(ctx context.Context, req *isojot.Request) (*isojot.Response, error) {
		res, err := next.RoundTrip(ctx, req)
		if err == nil && res.Status < http.StatusBadRequest {
			e.note(req)
		}
		return res, err
	})))
	e.check(err)
	return c
}

func (e *everyOperation) note(req *isojot.Request) {
	u, err := url.Parse(req.URL)
	e.check(err)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.passed[patternOf(req.Method+" "+strings.TrimPrefix(u.Path, "/v1"))] = true
}

// patternOf is the pattern of the operation that a request is for: of several, that
// with the fewest wildcards.
func patternOf(request string) (pattern string) {
	parts, fewest := strings.Split(request, "/"), len(request)
	for _, o := range served() {
		of := strings.Split(o.Pattern, "/")
		wildcards := 0
		if slices.EqualFunc(of, parts, func(of, part string) bool {
			wildcard := strings.HasPrefix(of, "{")
			if wildcard {
				wildcards++
			}
			return wildcard || of == part
		}) && wildcards < fewest {
			pattern, fewest = o.Pattern, wildcards
		}
	}
	return pattern
}

func (e *everyOperation) check(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

func must[T any](value T, err error) func(e *everyOperation) T {
	return func(e *everyOperation) T {
		e.t.Helper()
		e.check(err)
		return value
	}
}

// as is the Account of a session.
func (e *everyOperation) as(s *isojot.Session) *isojot.Account {
	return e.client(isojot.WithSession(s.Secret)).Account
}

// newcomer is a new user's Account, signed in.
func (e *everyOperation) newcomer(email string) *isojot.Account {
	e.t.Helper()
	ctx := e.t.Context()
	guest := e.client().Account
	must(guest.Create(ctx, isojot.CreateAccount{Email: email, Password: isojottest.DefaultPassword}))(e)
	return e.as(must(guest.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: email, Password: isojottest.DefaultPassword}))(e))
}

// link are the parameters of a mail's link.
func (e *everyOperation) link(address string) url.Values {
	e.t.Helper()
	return must(url.Parse(e.NextMail(e.t, address).Links[0]))(e).Query()
}

func (e *everyOperation) account() {
	ctx, a := e.t.Context(), e.newcomer("a@example.com")
	must(a.Get(ctx))(e)
	must(a.UpdatePrefs(ctx, isojot.Prefs{"theme": "dark"}))(e)
	if prefs := must(a.GetPrefs(ctx))(e); prefs["theme"] != "dark" {
		e.t.Errorf("prefs %v", prefs)
	}
	must(a.UpdateName(ctx, "Ann"))(e)
	must(a.UpdateEmail(ctx, isojot.UpdateEmail{Email: "ann@example.com", Password: isojottest.DefaultPassword}))(e)
	must(a.UpdatePhone(ctx, isojot.UpdatePhone{Phone: "+4930111", Password: isojottest.DefaultPassword}))(e)
	must(a.UpdatePassword(ctx, isojot.UpdatePassword{Password: "another password", OldPassword: isojottest.DefaultPassword}))(e)
	must(a.CreateJWT(ctx, isojot.CreateJWT{}))(e)
	must(a.ListSessions(ctx))(e)
	must(a.GetSession(ctx, "current"))(e)
	must(a.UpdateSession(ctx, "current"))(e)
	target := must(a.CreatePushTarget(ctx, isojot.CreatePushTarget{Identifier: "device"}))(e)
	must(a.UpdatePushTarget(ctx, isojot.UpdatePushTarget{TargetID: target.ID, Identifier: "other"}))(e)
	e.check(a.DeletePushTarget(ctx, target.ID))
	e.check(a.DeleteSession(ctx, "current"))
	must(e.newcomer("blocked@example.com").UpdateStatus(ctx))(e)
	e.check(e.newcomer("gone@example.com").Delete(ctx))
	e.check(e.newcomer("out@example.com").DeleteSessions(ctx))
}

func (e *everyOperation) signIns() {
	ctx, guest := e.t.Context(), e.client().Account
	must(guest.CreateAnonymousSession(ctx))(e)
	for i, trade := range []func(id, secret string) (*isojot.Session, error){
		func(id, secret string) (*isojot.Session, error) {
			return e.client().Account.CreateSession(ctx, isojot.CreateSession{UserID: id, Secret: secret})
		},
		func(id, secret string) (*isojot.Session, error) {
			return e.client().Account.UpdateMagicURLSession(ctx, isojot.UpdateMagicURLSession{UserID: id, Secret: secret})
		},
	} {
		email := []string{"link0@example.com", "link1@example.com"}[i]
		must(guest.CreateMagicURLToken(ctx, isojot.CreateMagicURLToken{Email: email, URL: "http://localhost/"}))(e)
		q := e.link(email)
		must(trade(q.Get("userId"), q.Get("secret")))(e)
	}
	token := must(guest.CreateEmailToken(ctx, isojot.CreateEmailToken{Email: "code@example.com"}))(e)
	must(e.client().Account.CreateSession(ctx, isojot.CreateSession{UserID: token.UserID, Secret: e.NextMail(e.t, "code@example.com").Codes[0]}))(e)
	token = must(guest.CreatePhoneToken(ctx, isojot.CreatePhoneToken{Phone: "+4930222"}))(e)
	must(e.client().Account.UpdatePhoneSession(ctx, isojot.UpdatePhoneSession{UserID: token.UserID, Secret: e.NextText(e.t, "+4930222").Codes[0]}))(e)
}

func (e *everyOperation) messages() {
	ctx := e.t.Context()
	a := e.newcomer("verify@example.com")
	must(a.CreateEmailVerification(ctx, isojot.CreateEmailVerification{URL: "http://localhost/"}))(e)
	q := e.link("verify@example.com")
	must(a.UpdateEmailVerification(ctx, isojot.UpdateEmailVerification{UserID: q.Get("userId"), Secret: q.Get("secret")}))(e)
	old := e.newcomer("old@example.com")
	must(old.CreateVerification(ctx, isojot.CreateVerification{URL: "http://localhost/"}))(e)
	q = e.link("old@example.com")
	must(old.UpdateVerification(ctx, isojot.UpdateVerification{UserID: q.Get("userId"), Secret: q.Get("secret")}))(e)
	user := must(a.UpdatePhone(ctx, isojot.UpdatePhone{Phone: "+4930333", Password: isojottest.DefaultPassword}))(e)
	must(a.CreatePhoneVerification(ctx))(e)
	must(a.UpdatePhoneVerification(ctx, isojot.UpdatePhoneVerification{UserID: user.ID, Secret: e.NextText(e.t, "+4930333").Codes[0]}))(e)
	guest := e.client().Account
	must(guest.CreateRecovery(ctx, isojot.CreateRecovery{Email: "verify@example.com", URL: "http://localhost/"}))(e)
	q = e.link("verify@example.com")
	must(guest.UpdateRecovery(ctx, isojot.UpdateRecovery{UserID: q.Get("userId"), Secret: q.Get("secret"), Password: "recovered password"}))(e)
}

// code is one of an authenticator's that was not taken yet.
func (e *everyOperation) code(secret string) string {
	e.t.Helper()
	e.Advance(30 * time.Second)
	return must(totp.GenerateCode(secret, e.Now()))(e)
}

func (e *everyOperation) factors() {
	ctx, a := e.t.Context(), e.newcomer("factors@example.com")
	kind := isojot.AuthenticatorTypeTOTP
	made := must(a.CreateMFAAuthenticator(ctx, kind))(e)
	must(a.UpdateMFAAuthenticator(ctx, isojot.UpdateMFAAuthenticator{Type: kind, OTP: e.code(made.Secret)}))(e)
	must(a.UpdateMFA(ctx, isojot.UpdateMFA{MFA: true}))(e)
	must(a.CreateMFARecoveryCodes(ctx))(e)
	if factors := must(a.ListMFAFactors(ctx))(e); !factors.TOTP || !factors.RecoveryCode {
		e.t.Errorf("factors %+v", factors)
	}
	challenge := must(a.CreateMFAChallenge(ctx, isojot.CreateMFAChallenge{Factor: isojot.AuthenticationFactorTOTP}))(e)
	must(a.UpdateMFAChallenge(ctx, isojot.UpdateMFAChallenge{ChallengeID: challenge.ID, OTP: e.code(made.Secret)}))(e)
	must(a.GetMFARecoveryCodes(ctx))(e)
	must(a.UpdateMFARecoveryCodes(ctx))(e)
	e.check(a.DeleteMFAAuthenticator(ctx, kind))
}

// identityOf signs in at the provider of development, and returns the Account with
// its only identity.
func (e *everyOperation) identityOf(email string) (*isojot.Account, isojot.Identity) {
	e.t.Helper()
	ctx := e.t.Context()
	start := must(e.client().Account.CreateOAuth2Token(ctx, isojot.CreateOAuth2Session{
		Provider: isojottest.DevProvider, Success: "http://localhost/success", Failure: "http://localhost/failure",
	}))(e)
	q := e.SignInAtProvider(start, isojottest.ProviderUser{Email: email}).Query()
	a := e.as(must(e.client().Account.CreateSession(ctx, isojot.CreateSession{UserID: q.Get("userId"), Secret: q.Get("secret")}))(e))
	list := must(a.ListIdentities(ctx, isojot.ListIdentities{}))(e)
	if list.Total != 1 || list.Identities[0].ProviderEmail != email {
		e.t.Fatalf("identities %+v", list)
	}
	return a, list.Identities[0]
}

func (e *everyOperation) provider() {
	ctx := e.t.Context()
	start := must(e.client().Account.CreateOAuth2Session(isojot.CreateOAuth2Session{
		Provider: isojottest.DevProvider, Success: "http://localhost/success", Failure: "http://localhost/failure",
	}))(e)
	if end := e.SignInAtProvider(start, isojottest.ProviderUser{Email: "cookie@example.com"}); end.Path != "/success" {
		e.t.Errorf("createOAuth2Session ended at %s", end)
	}
	a, identity := e.identityOf("provider@example.com")
	e.check(a.DeleteIdentity(ctx, identity.ID))
	service := users.New(e.key)
	_, identity = e.identityOf("provider2@example.com")
	if list := must(service.ListIdentities(ctx, users.ListIdentities{Queries: []string{`{"method":"equal","attribute":"providerEmail","values":["provider2@example.com"]}`}}))(e); list.Total != 1 {
		e.t.Errorf("identities %+v", list)
	}
	e.check(service.DeleteIdentity(ctx, identity.ID))
}

func (e *everyOperation) teams() {
	ctx, owner := e.t.Context(), e.client()
	must(owner.Account.Create(ctx, isojot.CreateAccount{Email: "owner@example.com", Password: isojottest.DefaultPassword}))(e)
	session := must(owner.Account.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: "owner@example.com", Password: isojottest.DefaultPassword}))(e)
	s := teams.New(e.client(isojot.WithSession(session.Secret)))
	team := must(s.Create(ctx, teams.Create{Name: "Engine"}))(e)
	must(s.List(ctx, teams.List{}))(e)
	must(s.Get(ctx, team.ID))(e)
	must(s.UpdateName(ctx, teams.UpdateName{TeamID: team.ID, Name: "Analytical Engine"}))(e)
	must(s.UpdatePrefs(ctx, teams.UpdatePrefs{TeamID: team.ID, Prefs: isojot.Prefs{"a": "b"}}))(e)
	must(s.GetPrefs(ctx, team.ID))(e)
	m := must(s.CreateMembership(ctx, teams.CreateMembership{TeamID: team.ID, Roles: []string{"editor"}, Email: "member@example.com", URL: "http://localhost/"}))(e)
	q := e.link("member@example.com")
	must(teams.New(e.client()).UpdateMembershipStatus(ctx, teams.UpdateMembershipStatus{
		TeamID: team.ID, MembershipID: m.ID, UserID: q.Get("userId"), Secret: q.Get("secret"),
	}))(e)
	must(s.ListMemberships(ctx, teams.ListMemberships{TeamID: team.ID}))(e)
	must(s.GetMembership(ctx, team.ID, m.ID))(e)
	must(s.UpdateMembership(ctx, teams.UpdateMembership{TeamID: team.ID, MembershipID: m.ID, Roles: []string{"viewer"}}))(e)
	if list := must(users.New(e.key).ListMemberships(ctx, users.ListMemberships{UserID: m.UserID}))(e); list.Total != 1 || list.Memberships[0].Roles[0] != "viewer" {
		e.t.Errorf("memberships %+v", list)
	}
	e.check(s.DeleteMembership(ctx, team.ID, m.ID))
	e.check(s.Delete(ctx, team.ID))
}

func (e *everyOperation) users() {
	ctx, s := e.t.Context(), users.New(e.key)
	id := must(s.Create(ctx, users.Create{Email: "user@example.com", Password: isojottest.DefaultPassword}))(e).ID
	must(s.Get(ctx, id))(e)
	must(s.List(ctx, users.List{}))(e)
	must(s.UpdateName(ctx, users.UpdateName{UserID: id, Name: "User"}))(e)
	must(s.UpdateEmail(ctx, users.UpdateEmail{UserID: id, Email: "user2@example.com"}))(e)
	must(s.UpdatePhone(ctx, users.UpdatePhone{UserID: id, Number: "+4930444"}))(e)
	must(s.UpdatePassword(ctx, users.UpdatePassword{UserID: id, Password: "another password"}))(e)
	must(s.UpdateLabels(ctx, users.UpdateLabels{UserID: id, Labels: []string{"vip"}}))(e)
	must(s.UpdatePrefs(ctx, users.UpdatePrefs{UserID: id, Prefs: isojot.Prefs{"a": "b"}}))(e)
	must(s.GetPrefs(ctx, id))(e)
	must(s.UpdateEmailVerification(ctx, users.UpdateEmailVerification{UserID: id, EmailVerification: true}))(e)
	must(s.UpdatePhoneVerification(ctx, users.UpdatePhoneVerification{UserID: id, PhoneVerification: true}))(e)
	must(s.UpdateImpersonator(ctx, users.UpdateImpersonator{UserID: id, Impersonator: true}))(e)
	session := must(s.CreateSession(ctx, id))(e)
	must(s.CreateToken(ctx, users.CreateToken{UserID: id}))(e)
	must(s.CreateJWT(ctx, users.CreateJWT{UserID: id}))(e)
	must(s.ListSessions(ctx, users.ListSessions{UserID: id}))(e)
	a := e.as(session)
	kind := isojot.AuthenticatorTypeTOTP
	made := must(a.CreateMFAAuthenticator(ctx, kind))(e)
	must(a.UpdateMFAAuthenticator(ctx, isojot.UpdateMFAAuthenticator{Type: kind, OTP: e.code(made.Secret)}))(e)
	must(s.UpdateMFA(ctx, users.UpdateMFA{UserID: id, MFA: true}))(e)
	must(s.ListMFAFactors(ctx, id))(e)
	must(s.CreateMFARecoveryCodes(ctx, id))(e)
	must(s.GetMFARecoveryCodes(ctx, id))(e)
	must(s.UpdateMFARecoveryCodes(ctx, id))(e)
	e.check(s.DeleteMFAAuthenticator(ctx, id, kind))
	e.check(s.DeleteSession(ctx, id, session.ID))
	e.check(s.DeleteSessions(ctx, id))
	target := must(s.CreateTarget(ctx, users.CreateTarget{UserID: id, ProviderType: "email", Identifier: "second@example.com"}))(e)
	must(s.ListTargets(ctx, users.ListTargets{UserID: id}))(e)
	must(s.GetTarget(ctx, id, target.ID))(e)
	must(s.UpdateTarget(ctx, users.UpdateTarget{UserID: id, TargetID: target.ID, Name: "second"}))(e)
	e.check(s.DeleteTarget(ctx, id, target.ID))
	must(s.UpdateStatus(ctx, users.UpdateStatus{UserID: id, Status: false}))(e)
	e.check(s.Delete(ctx, id))
}

// imports are by hashes of the password "appwrite", by which who was imported signs
// in.
func (e *everyOperation) imports() {
	ctx, s := e.t.Context(), users.New(e.key)
	const password = "appwrite"
	sumMD5, sumSHA := md5.Sum([]byte(password)), sha512.Sum512([]byte(password))
	must(s.CreateArgon2User(ctx, users.CreateArgon2User{Email: "argon2@example.com", Password: "$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI"}))(e)
	must(s.CreateBcryptUser(ctx, users.CreateBcryptUser{Email: "bcrypt@example.com", Password: "$2a$15$xX/myGbFU.ZSKHSi6EHdBOySTdYm8QxBLXmOPHrYMwV0mHRBBSBOq"}))(e)
	must(s.CreateMD5User(ctx, users.CreateMD5User{Email: "md5@example.com", Password: hex.EncodeToString(sumMD5[:])}))(e)
	must(s.CreatePHPassUser(ctx, users.CreatePHPassUser{Email: "phpass@example.com", Password: "$P$Br387rwferoKN7uwHZqNMu98q3U8RO."}))(e)
	must(s.CreateSHAUser(ctx, users.CreateSHAUser{Email: "sha@example.com", Password: hex.EncodeToString(sumSHA[:]), PasswordVersion: "sha512"}))(e)
	must(s.CreateScryptUser(ctx, users.CreateScryptUser{
		Email: "scrypt@example.com", PasswordSalt: "appwrite", PasswordCPU: 16384, PasswordMemory: 13, PasswordParallel: 2, PasswordLength: 64,
		Password: "3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b",
	}))(e)
	must(s.CreateScryptModifiedUser(ctx, users.CreateScryptModifiedUser{
		Email: "scryptmod@example.com", PasswordSalt: "UxLMreBr6tYyjQ==", PasswordSaltSeparator: "Bw==",
		PasswordSignerKey: "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ==",
		Password:          "UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==",
	}))(e)
	for _, name := range []string{"argon2", "bcrypt", "md5", "phpass", "sha", "scrypt", "scryptmod"} {
		must(e.client().Account.CreateEmailPasswordSession(ctx, isojot.CreateEmailPasswordSession{Email: name + "@example.com", Password: password}))(e)
	}
}
