package engine

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Place is where a gateway's client creates and finds invoices.
type Place struct {
	// Sandbox says that the gateway is simulated.
	Sandbox bool
	// Endpoint is the host of the API, and its path if it has one.
	Endpoint string
	// Account are the settings that identify the account. They are never stored.
	Account []string
	// Renewed says that the account's credentials were renewed, so that they may differ
	// from the recorded ones.
	Renewed bool
}

// Name describes the place for a user.
func (p Place) Name() string { return placeName(p.Sandbox, p.Endpoint) }

func placeName(sandbox bool, endpoint string) string {
	if sandbox {
		return "the sandbox"
	}
	return "the real gateway at " + endpoint
}

// Identity is what a gateway never changes about an invoice. Unknown fields are empty.
type Identity struct {
	Reference string    `json:"reference,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	Token     string    `json:"token,omitempty"`
}

// identityOf returns the identity in an invoice's facts.
func identityOf(f gateway.Facts) Identity {
	return Identity{Reference: f.Reference, CreatedAt: f.CreatedAt, Token: f.Token}
}

// sameSecond is how far two readings of the same time may differ, because some
// responses have fractions of a second and others do not.
const sameSecond = time.Second

// Differs describes why two identities cannot be of the same invoice; "" if they can.
func (i Identity) Differs(other Identity) string {
	switch {
	case i.Token != "" && other.Token != "" && i.Token != other.Token:
		return fmt.Sprintf("the token %s, not %s", other.Token, i.Token)
	case i.Reference != "" && other.Reference != "" && i.Reference != other.Reference:
		return fmt.Sprintf("the reference %q, not %q", other.Reference, i.Reference)
	case !i.CreatedAt.IsZero() && !other.CreatedAt.IsZero() && other.CreatedAt.Sub(i.CreatedAt).Abs() > sameSecond:
		return fmt.Sprintf("the time of creation %s, not %s", gateway.FormatTime(other.CreatedAt), gateway.FormatTime(i.CreatedAt))
	default:
		return ""
	}
}

func (i Identity) equal(other Identity) bool {
	return i.Reference == other.Reference && i.Token == other.Token && i.CreatedAt.Equal(other.CreatedAt)
}

// or fills the empty fields of an identity from another one.
func (i Identity) or(other Identity) Identity {
	if i.Reference == "" {
		i.Reference = other.Reference
	}
	if i.CreatedAt.IsZero() {
		i.CreatedAt = other.CreatedAt
	}
	if i.Token == "" {
		i.Token = other.Token
	}
	return i
}

// Provenance records where an invoice was created, and its identity. The account is a
// salted fingerprint that reveals no setting.
type Provenance struct {
	Sandbox  bool   `json:"sandbox,omitempty"`
	Endpoint string `json:"endpoint"`
	Salt     string `json:"salt"`
	Account  string `json:"account"`
	Identity
	// LocalCreatedAt is when this provider created the invoice, by the local clock;
	// zero if it was imported or taken over.
	LocalCreatedAt time.Time `json:"made_at,omitzero"`
}

// newProvenance records an invoice at a place.
func newProvenance(p Place, id Identity, createdAt time.Time) Provenance {
	salt := rand.Text()
	return Provenance{
		Sandbox: p.Sandbox, Endpoint: p.Endpoint, Salt: salt, Account: fingerprint(salt, p.Account),
		Identity: id, LocalCreatedAt: createdAt.UTC().Truncate(time.Second),
	}
}

func fingerprint(salt string, settings []string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	for _, s := range settings {
		// The length distinguishes two settings from their concatenation.
		fmt.Fprintf(mac, "%d:%s", len(strings.TrimSpace(s)), strings.TrimSpace(s))
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// placeChange is how the provider's place differs from the recorded one.
type placeChange int

const (
	unchanged      placeChange = iota
	moved                      // another endpoint, or renewed credentials: the invoice there must be the same one
	sandboxChanged             // from the sandbox to the real gateway, or back
	accountChanged
)

// changeTo compares the recorded place with the provider's.
func (r Provenance) changeTo(p Place) placeChange {
	switch {
	case r.Sandbox != p.Sandbox:
		return sandboxChanged
	case p.Sandbox:
		return unchanged // its credentials and endpoint are made up
	case !hmac.Equal([]byte(r.Account), []byte(fingerprint(r.Salt, p.Account))):
		if p.Renewed {
			return moved
		}
		return accountChanged
	case r.Endpoint != p.Endpoint:
		return moved
	default:
		return unchanged
	}
}

// createdSince reports whether this provider created the invoice after a time.
func (r Provenance) createdSince(t time.Time) bool { return r.LocalCreatedAt.After(t) }
