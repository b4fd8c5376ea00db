package hesabe

import (
	"errors"
	"net/http"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// known returns the gateway's response if there is no such invoice, and otherwise err.
func (s *Simulator) known(err error) error {
	if errors.Is(err, simulator.ErrNoInvoice) {
		return s.unknownInvoice()
	}
	return err
}

// details shows one invoice by its number, not by its token.
// https://developer.hesabe.com/docs/api/get-quick-invoice-details
func (s *Simulator) details(tx transaction, c *call) (httpResponse, error) {
	f, _ := c.form()
	if found := f.done(); len(found) > 0 {
		return httpResponse{}, s.invalid(found)
	}
	inv, err := tx.Load(c.request.PathValue("key"))
	if err != nil {
		return httpResponse{}, s.known(err)
	}
	if s.behaviour.DetailsWithoutEnvelope {
		return httpResponse{status: http.StatusOK, body: inv.object(tx), sealed: true}, nil
	}
	return s.success("Invoice Details", inv.object(tx)), nil
}

// statusIDCanceled is the only documented statusId.
const statusIDCanceled = "3"

// cancel cancels an unpaid invoice by its token, not by its number.
// https://developer.hesabe.com/docs/api/put-quick-invoice-cancel
func (s *Simulator) cancel(tx transaction, c *call) (httpResponse, error) {
	f, _ := c.form()
	f.choice("statusId", "", statusIDCanceled)
	if found := f.done(); len(found) > 0 {
		return httpResponse{}, s.invalid(found)
	}
	inv, err := loadByToken(tx, c.request.PathValue("key"))
	if err != nil {
		return httpResponse{}, s.known(err)
	}
	repeated := inv.Status == statusCanceled
	switch {
	case repeated && s.behaviour.RepeatCancelAccepted:
	case inv.Status != statusUnpaid, s.behaviour.ExpiredCancelRefused && inv.isOver(c.now):
		return httpResponse{}, s.refuse("Invoice status update failed", nil)
	default:
		inv.close(statusCanceled, c.now)
		if err := tx.Save(inv); err != nil {
			return httpResponse{}, err
		}
	}
	// The page's ciphertext has "successful", its transcript "successfully".
	return s.success("Invoice status update successful", nil), nil
}

// resend sends an unpaid invoice to a phone again, by its number.
// https://developer.hesabe.com/docs/api/post-resend-invoice-id
func (s *Simulator) resend(tx transaction, c *call) (httpResponse, error) {
	f, _ := c.form()
	id := f.required("resendId")
	f.require("mobileNumber", f.matching("mobileNumber", mobileForm) != "")
	f.require("countryCode", f.matching("countryCode", countryCodeForm) != "")
	if found := f.done(); len(found) > 0 {
		return httpResponse{}, s.invalid(found)
	}
	inv, err := tx.Load(id)
	if err != nil {
		return httpResponse{}, s.known(err)
	}
	if inv.Status != statusUnpaid {
		return httpResponse{}, s.refuse("Invoice resend failed", nil)
	}
	inv.Resent++
	inv.UpdatedAt = c.now.Truncate(time.Second)
	return s.success("Invoice Resent Successfully", inv.object(tx)), tx.Save(inv)
}
