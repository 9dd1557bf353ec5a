package pull

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"
)

// access is what signing requests needs.
type access struct {
	entry   *Entry
	secrets map[string]string // by key of the plan
	base    http.RoundTripper
	hidden  *hidden
}

// hidden are the texts that must not be shown: secrets and the tokens they brought.
type hidden struct {
	mu    sync.Mutex
	texts []string
}

func (h *hidden) add(texts ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, x := range texts {
		if !slices.Contains(h.texts, x) {
			h.texts = append(h.texts, x)
		}
	}
}

// hide takes secrets out of a text that is shown. Short ones are left: they would
// make every text unreadable, and no vendor issues them.
func (h *hidden) hide(s string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, x := range h.texts {
		if len(x) >= 6 {
			s = strings.ReplaceAll(s, x, "[secret]")
		}
	}
	return s
}

// learning hides the tokens that a source issues.
type learning struct {
	from   oauth2.TokenSource
	hidden *hidden
}

// Token implements oauth2.TokenSource.
func (l learning) Token() (*oauth2.Token, error) {
	t, err := l.from.Token()
	if err == nil {
		l.hidden.add(t.AccessToken)
	}
	return t, err
}

// authorizer returns the transport that signs requests.
type authorizer func(ctx context.Context, in access) (http.RoundTripper, error)

// signed adds an Authorization header. It is not asked to sign a redirect to another
// host: those are not followed.
type signed struct {
	value string
	base  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", s.value)
	return s.base.RoundTrip(r)
}

// byToken sends the token with a word before it.
func byToken(word string) authorizer {
	return func(_ context.Context, in access) (http.RoundTripper, error) {
		return signed{word + " " + in.secrets["token"], in.base}, nil
	}
}

// byBasic sends the token as the user name of basic authentication, without a password.
func byBasic(_ context.Context, in access) (http.RoundTripper, error) {
	return signed{"Basic " + base64.StdEncoding.EncodeToString([]byte(in.secrets["token"]+":")), in.base}, nil
}

// oauthContext makes the token's requests go the way of the others: same proxy, same
// authorities, no redirects.
func oauthContext(ctx context.Context, in access) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: in.base, CheckRedirect: sameHost, Timeout: askTimeout})
}

// byClient gets a token with client credentials (RFC 6749, 4.4). address returns the
// token endpoint if the plan names none.
func byClient(address func(*Entry) string, style oauth2.AuthStyle, scopes []string, params func(*Entry) url.Values) authorizer {
	return func(ctx context.Context, in access) (http.RoundTripper, error) {
		cfg := &clientcredentials.Config{
			ClientID: in.entry.ClientID, ClientSecret: in.secrets["client_secret"],
			TokenURL: in.entry.TokenURL, Scopes: scopes, AuthStyle: style,
		}
		if cfg.TokenURL == "" {
			cfg.TokenURL = address(in.entry)
		}
		if params != nil {
			cfg.EndpointParams = params(in.entry)
		}
		return &oauth2.Transport{Source: learning{cfg.TokenSource(oauthContext(ctx, in)), in.hidden}, Base: in.base}, nil
	}
}

// byServiceAccount signs as a Google service account that acts for an administrator
// (domain-wide delegation). It asks for the scopes of the plan's streams only: one
// that was not delegated would make Google refuse all.
func byServiceAccount() authorizer {
	return func(ctx context.Context, in access) (http.RoundTripper, error) {
		var scopes []string
		for _, s := range in.entry.streams() {
			if !slices.Contains(scopes, s.Scope) {
				scopes = append(scopes, s.Scope)
			}
		}
		var key struct {
			Type       string `json:"type"`
			Email      string `json:"client_email"`
			PrivateKey string `json:"private_key"`
			KeyID      string `json:"private_key_id"`
		}
		if json.Unmarshal([]byte(in.secrets["key"]), &key) != nil || key.Type != "service_account" || key.Email == "" || key.PrivateKey == "" {
			return nil, errors.New("key: not the JSON key of a service account; in the Google Cloud console: IAM and Admin, Service accounts, Keys, Add key, JSON")
		}
		cfg := &jwt.Config{
			Email: key.Email, PrivateKey: []byte(key.PrivateKey), PrivateKeyID: key.KeyID, Subject: in.entry.Subject,
			Scopes: scopes, TokenURL: in.entry.TokenURL,
		}
		if cfg.TokenURL == "" {
			cfg.TokenURL = "https://oauth2.googleapis.com/token"
		}
		return &oauth2.Transport{Source: learning{cfg.TokenSource(oauthContext(ctx, in)), in.hidden}, Base: in.base}, nil
	}
}

// microsoftToken is where Entra issues tokens for Graph.
func microsoftToken(e *Entry) string {
	return "https://login.microsoftonline.com/" + url.PathEscape(e.Tenant) + "/oauth2/v2.0/token"
}

// secretsOf reads the secrets of an entry. texts are the texts that must not be
// shown anywhere, warnings are about files that others can read.
func secretsOf(e *Entry, dir string, getenv func(string) string) (values map[string]string, texts, warnings []string, err error) {
	values = map[string]string{}
	for _, k := range e.vendor.Secrets {
		v, warning, err := e.secretOf(k).read(dir, getenv)
		if err != nil {
			return nil, nil, nil, errors.New(k + ": " + err.Error())
		}
		values[k] = v
		texts = append(texts, v, base64.StdEncoding.EncodeToString([]byte(v+":")))
		if k == "key" {
			texts = append(texts, strings.Split(text([]byte(v), "private_key"), "\n")...)
		}
		if warning != "" {
			warnings = append(warnings, k+": "+warning)
		}
	}
	return values, texts, warnings, nil
}
