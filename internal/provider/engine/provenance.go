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

// Place is where a gateway's client makes and finds invoices.
type Place struct {
	// Sandbox says that the gateway is simulated.
	Sandbox bool
	// Endpoint is the host of the API, and its path where it has one.
	Endpoint string
	// Account are the settings that identify the account. They are never stored.
	Account []string
	// Renewed says that the account's credentials were renewed, so that others than
	// the recorded ones are expected.
	Renewed bool
}

// Name describes the place to a user.
func (p Place) Name() string { return placeName(p.Sandbox, p.Endpoint) }

func placeName(sandbox bool, endpoint string) string {
	if sandbox {
		return "the sandbox"
	}
	return "the real gateway at " + endpoint
}

// Identity is what a gateway never changes of an invoice. What is not known is
// empty.
type Identity struct {
	Reference string    `json:"reference,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	Token     string    `json:"token,omitempty"`
}

// identityOf is what an invoice says of itself.
func identityOf(f gateway.Facts) Identity {
	return Identity{Reference: f.Reference, CreatedAt: f.CreatedAt, Token: f.Token}
}

// sameSecond is by how much two readings of one time may differ, since some
// answers have fractions of a second and others have none.
const sameSecond = time.Second

// Differs tells in what two identities cannot be of the same invoice; "" when they
// can.
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

// or completes an identity with what another one knows.
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

// Provenance records where an invoice was made, and what it is known by. The
// account is a salted fingerprint, from which no setting can be learned.
type Provenance struct {
	Sandbox  bool   `json:"sandbox,omitempty"`
	Endpoint string `json:"endpoint"`
	Salt     string `json:"salt"`
	Account  string `json:"account"`
	Identity
	// MadeAt is when this provider made the invoice, by the clock of its machine;
	// zero when it was imported or taken over.
	MadeAt time.Time `json:"made_at,omitzero"`
}

// newProvenance records an invoice at a place.
func newProvenance(p Place, id Identity, madeAt time.Time) Provenance {
	salt := rand.Text()
	return Provenance{
		Sandbox: p.Sandbox, Endpoint: p.Endpoint, Salt: salt, Account: fingerprint(salt, p.Account),
		Identity: id, MadeAt: madeAt.UTC().Truncate(time.Second),
	}
}

func fingerprint(salt string, settings []string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	for _, s := range settings {
		// The length keeps two settings apart from one that is both.
		fmt.Fprintf(mac, "%d:%s", len(strings.TrimSpace(s)), strings.TrimSpace(s))
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// placeChange is how the place of a provider relates to the recorded one.
type placeChange int

const (
	unchanged      placeChange = iota
	moved                      // another endpoint, or renewed credentials: the invoice has to show itself
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

// madeSince reports whether this provider made the invoice after a time.
func (r Provenance) madeSince(t time.Time) bool { return r.MadeAt.After(t) }
