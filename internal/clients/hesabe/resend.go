package hesabe

import (
	"context"
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const opResend = "resend invoice"

type resendPayload struct {
	MerchantCode string `json:"merchantCode"`
	ResendID     string `json:"resendId"`
	MobileNumber string `json:"mobileNumber"`
	CountryCode  string `json:"countryCode"`
}

// Resend sends an invoice to a mobile number by SMS, once. mobileNumber has digits
// without the country code, countryCode is such as 965. If the response is lost or
// unclear, the error is gateway.ErrOutcomeUnknown: the message may have been sent.
// https://developer.hesabe.com/docs/api/post-resend-invoice-id
func (c *Client) Resend(ctx context.Context, id, mobileNumber, countryCode string) error {
	if err := ValidateID(id); err != nil {
		return c.http.InvalidRequest(opResend, "id", err.Error())
	}
	a, err := c.exchange(ctx, transport.Call{
		Operation: opResend, Kind: transport.Create, Method: http.MethodPost, Path: invoicePath + "/resend", OwnRefusal: c.refusesCreate,
	}, resendPayload{MerchantCode: c.creds.MerchantCode, ResendID: id, MobileNumber: mobileNumber, CountryCode: countryCode})
	if err != nil {
		return err
	}
	if !a.succeeded() && !a.confirmed() {
		return a.refused(c.http, meanings{refused: gateway.ErrInvalid, notFound: gateway.ErrNotFound})
	}
	return nil
}
