package shop

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

type hesabe struct{ settings Settings }

// verify has no signature to check: the invoice is found by its reference and read
// again. https://developer.hesabe.com/docs/2.0/webhook-integration
func (h hesabe) verify(_ *http.Request, body []byte) (string, error) {
	var event struct {
		Token, Status string
		Reference     string `json:"reference_number"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return "", err
	}
	if event.Token == "" || event.Status != "SUCCESSFUL" {
		return "", fmt.Errorf("the transaction %q is %q", event.Token, event.Status)
	}
	return event.Reference, nil
}

// read is https://developer.hesabe.com/docs/api/get-quick-invoice-details
func (h hesabe) read(ctx context.Context, id string) (Status, error) {
	token, err := h.logIn(ctx)
	if err != nil {
		return Status{}, err
	}
	data, err := h.encrypt([]byte(`{"merchantCode":"` + h.settings.HesabeMerchant + `"}`))
	if err != nil {
		return Status{}, err
	}
	answer, err := call(ctx, http.MethodGet, h.settings.Endpoints["hesabe"]+"/api/v1/invoice/"+id+"?data="+url.QueryEscape(data), nil,
		map[string]string{"Authorization": "Bearer " + token, "accessCode": h.settings.HesabeAccess})
	if err != nil {
		return Status{}, err
	}
	plain, err := h.decrypt(answer)
	if err != nil {
		return Status{}, err
	}
	var envelope struct {
		Response struct {
			Status    int    `json:"invoice_status"`
			Reference string `json:"reference_number"`
		}
	}
	err = json.Unmarshal(plain, &envelope)
	found := envelope.Response
	return Status{Reference: found.Reference, Word: fmt.Sprint(found.Status), Paid: found.Status == 1}, err
}

// logIn is https://developer.hesabe.com/docs/api/post-merchant-login
func (h hesabe) logIn(ctx context.Context) (string, error) {
	body, _ := json.Marshal(map[string]string{"username": h.settings.HesabeUsername, "password": h.settings.HesabePass})
	var answer struct {
		Response struct {
			Token struct {
				Access string `json:"access_token"`
			}
		}
	}
	err := callJSON(ctx, http.MethodPost, h.settings.Endpoints["hesabe"]+"/api/v1/login", body, nil, &answer)
	return answer.Response.Token.Access, err
}

func (h hesabe) mode(newMode func(cipher.Block, []byte) cipher.BlockMode) (cipher.BlockMode, error) {
	block, err := aes.NewCipher([]byte(h.settings.HesabeKey))
	if err != nil {
		return nil, err
	}
	return newMode(block, []byte(h.settings.HesabeIV)), nil
}

func (h hesabe) encrypt(plain []byte) (string, error) {
	mode, err := h.mode(cipher.NewCBCEncrypter)
	if err != nil {
		return "", err
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	padded := slices.Concat(plain, bytes.Repeat([]byte{byte(pad)}, pad))
	mode.CryptBlocks(padded, padded)
	return hex.EncodeToString(padded), nil
}

// decrypt reads bare hexadecimal text, or the member response of an object. Answers
// are padded to blocks of 32 bytes.
func (h hesabe) decrypt(answer []byte) ([]byte, error) {
	text := string(bytes.TrimSpace(answer))
	var wrapped struct{ Response string }
	if json.Unmarshal(answer, &wrapped) == nil && wrapped.Response != "" {
		text = wrapped.Response
	}
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) == 0 || len(raw)%aes.BlockSize != 0 {
		return nil, errors.Join(err, errors.New("the answer is not encrypted"))
	}
	mode, err := h.mode(cipher.NewCBCDecrypter)
	if err != nil {
		return nil, err
	}
	mode.CryptBlocks(raw, raw)
	pad := int(raw[len(raw)-1])
	if pad < 1 || pad > 32 || pad > len(raw) {
		return nil, fmt.Errorf("the answer's padding is %d bytes long", pad)
	}
	return raw[:len(raw)-pad], nil
}
