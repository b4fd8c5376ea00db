package chaos

import (
	"maps"
	"net/http"
	"sync"
)

// canaries lets a simulated gateway accept the canary secrets, and records the
// tokens that the gateway issues.
type canaries struct {
	profile profile

	mu     sync.Mutex
	tokens map[string]bool
}

func newCanaries(p profile) *canaries { return &canaries{profile: p, tokens: map[string]bool{}} }

// secrets are the canaries, by the setting's name.
func (d *canaries) secrets() map[string]string { return d.profile.Canaries.Secrets }

// environment has the settings of the gateway with the canaries.
func (d *canaries) environment(endpoint string) []string {
	settings := d.profile.Settings()
	maps.Copy(settings, d.secrets())
	return d.profile.Environment(endpoint, settings)
}

// learned are the tokens that the gateway has issued or received.
func (d *canaries) learned() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for token := range d.tokens {
		all = append(all, token)
	}
	return all
}

func (d *canaries) learn(token string) {
	if token == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tokens[token] = true
}

// middleware translates between the provider and the gateway.
func (d *canaries) middleware(next http.Handler) http.Handler {
	return d.profile.Canaries.Translate(next, d.profile.Settings(), d.secrets(), d.learn)
}
