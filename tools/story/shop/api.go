package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// call sends a request and returns the body of its 200 answer.
func call(ctx context.Context, method, url string, body []byte, header map[string]string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.200s", method, url, resp.Status, answer)
	}
	return answer, err
}

// callJSON sends a request and decodes its answer.
func callJSON(ctx context.Context, method, url string, body []byte, header map[string]string, into any) error {
	answer, err := call(ctx, method, url, body, header)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, into)
}
