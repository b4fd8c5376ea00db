package chaos

import (
	"maps"
	"net/http"
	"sync"
)

// disguise lets a simulated gateway accept other secrets than its own, and
// learns the tokens that the gateway hands out.
type disguise struct {
	profile profile

	mu     sync.Mutex
	tokens map[string]bool
}

func newDisguise(p profile) *disguise { return &disguise{profile: p, tokens: map[string]bool{}} }

// secrets are the distinctive ones, by the setting's name.
func (d *disguise) secrets() map[string]string { return d.profile.Disguise.Secrets }

// environment has the settings of the gateway with the distinctive secrets.
func (d *disguise) environment(endpoint string) []string {
	settings := d.profile.Settings()
	maps.Copy(settings, d.secrets())
	return d.profile.Environment(endpoint, settings)
}

// learned are the tokens that the gateway has handed out or has been shown.
func (d *disguise) learned() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for token := range d.tokens {
		all = append(all, token)
	}
	return all
}

func (d *disguise) learn(token string) {
	if token == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tokens[token] = true
}

// middleware translates between the provider and the gateway.
func (d *disguise) middleware(next http.Handler) http.Handler {
	return d.profile.Disguise.Translate(next, d.profile.Settings(), d.secrets(), d.learn)
}
