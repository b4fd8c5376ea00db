package clienttest

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// edgeBodies are what servers in front of a gateway return for an address that they do
// not serve: platforms, proxies, load balancers, clouds and web frameworks.
var edgeBodies = map[string]string{
	"nothing":           ``,
	"null":              `null`,
	"empty object":      `{}`,
	"empty array":       `[]`,
	"text":              `404 page not found`,
	"JSON text":         `"not found"`,
	"Heroku":            `{"error":"No such app"}`,
	"Heroku API":        `{"id":"not_found","message":"Couldn't find that app."}`,
	"Vercel":            `{"error":{"code":"DEPLOYMENT_NOT_FOUND","message":"The deployment could not be found on Vercel."}}`,
	"Vercel, 404":       `{"error":{"code":"404","message":"The page could not be found"}}`,
	"Vercel, NOT_FOUND": `{"error":{"code":"NOT_FOUND","message":"The page could not be found"}}`,
	"Vercel, not_found": `{"error":{"code":"not_found","message":"Not Found"}}`,
	"Netlify":           `{"code":404,"message":"Not Found"}`,
	"Netlify, function": `{"errorType":"Error","errorMessage":"function not found"}`,
	"Cloudflare":        `{"success":false,"errors":[{"code":7003,"message":"Could not route to /v1/invoices, perhaps your object identifier is invalid?"}],"messages":[],"result":null}`,
	"Cloudflare Worker": `{"error":"Not found"}`,
	"Cloudflare 1000s":  `{"title":"Error 1033: Argo Tunnel error","status":404,"detail":"Tunnel not found"}`,
	"Fastly":            `{"msg":"Record not found","detail":"Cannot load service"}`,
	"Kong":              `{"message":"no Route matched with those values"}`,
	"Kong, id":          `{"message":"no Route matched with those values","request_id":"5e1f"}`,
	"Envoy":             `{"error":"no healthy upstream"}`,
	"Envoy, reason":     `{"code":404,"reason":"no healthy upstream"}`,
	"Istio":             `{"error":{"code":404,"message":"RBAC: route not found"}}`,
	"nginx":             `{"error":"404 Not Found"}`,
	"nginx page":        "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body><center><h1>404 Not Found</h1></center></body></html>",
	"nginx ingress":     `{"message":"default backend - 404"}`,
	"Traefik":           `{"status":404,"message":"404 page not found"}`,
	"HAProxy":           `{"error":"Service Unavailable","status":404}`,
	"AWS API Gateway":   `{"message":"Missing Authentication Token"}`,
	"AWS HTTP API":      `{"message":"Not Found"}`,
	"AWS Lambda":        `{"Message":"Function not found: arn:aws:lambda:eu-west-1:1:function:x","Type":"User"}`,
	"AWS coral":         `{"__type":"ResourceNotFoundException","message":"Requested resource not found"}`,
	"AWS S3":            `<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`,
	"GCP":               `{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}`,
	"GCP, errors":       `{"error":{"code":404,"message":"Not Found","errors":[{"message":"Not Found","domain":"global","reason":"notFound"}]}}`,
	"GCP Endpoints":     `{"code":5,"message":"Method does not exist.","details":[]}`,
	"Azure":             `{"error":{"code":"ResourceNotFound","message":"The Resource 'x' under resource group 'y' was not found."}}`,
	"Azure APIM":        `{"statusCode":404,"message":"Resource not found"}`,
	"Azure Front Door":  `{"error":{"code":"NotFound","message":"Our services aren't available right now"}}`,
	"Kubernetes":        `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"invoices \"x\" not found","reason":"NotFound","code":404}`,
	"Express":           `{"error":"Cannot GET /v1/invoices/x"}`,
	"NestJS":            `{"statusCode":404,"message":"Cannot GET /v1/invoices/x","error":"Not Found"}`,
	"NestJS, words":     `{"statusCode":404,"message":"Invoice not found","error":"Not Found"}`,
	"Fastify":           `{"message":"Route GET:/v1/invoices/x not found","error":"Not Found","statusCode":404}`,
	"Spring":            `{"timestamp":"2026-03-01T09:15:02Z","status":404,"error":"Not Found","path":"/v1/invoices/x"}`,
	"Spring 6":          `{"type":"about:blank","title":"Not Found","status":404,"detail":"No static resource v1/invoices/x.","instance":"/v1/invoices/x"}`,
	"Laravel":           `{"message":"The route v1/invoices/x could not be found."}`,
	"Laravel, model":    `{"message":"No query results for model [App\\Models\\Invoice] 7","exception":"NotFoundHttpException"}`,
	"Symfony":           `{"error":{"message":"No route found for \"GET /v1/invoices/x\""}}`,
	"Django":            `{"detail":"Not found."}`,
	"FastAPI":           `{"detail":"Not Found"}`,
	"Flask":             `{"message":"The requested URL was not found on the server."}`,
	"Rails":             `{"status":404,"error":"Not Found"}`,
	"Phoenix":           `{"errors":{"detail":"Not Found"}}`,
	"ASP.NET":           `{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":"Not Found","status":404,"traceId":"00-1"}`,
	"Go kit":            `{"error":"page not found"}`,
	"Hasura":            `{"path":"$","error":"resource does not exist","code":"not-found"}`,
	"Supabase":          `{"error":"requested path is invalid"}`,
	"PostgREST":         `{"code":"PGRST116","details":null,"hint":null,"message":"relation not found"}`,
	"Fly":               `{"error":"app not found"}`,
	"Railway":           `{"status":"error","code":404,"message":"Application not found","request_id":"x"}`,
	"Render":            `{"message":"service not found"}`,
	"ngrok":             `{"error_code":"ERR_NGROK_3200","msg":"Tunnel x.ngrok.app not found"}`,
	"Firebase":          `{"error":"Site Not Found"}`,
	"Tyk":               `{"error":"Requested endpoint is forbidden"}`,
	"Apigee":            `{"fault":{"faultstring":"Unable to identify proxy for host","detail":{"errorcode":"messaging.adaptors.http.flow.ApplicationNotFound"}}}`,
	"Akamai":            `{"type":"not-found","title":"Not Found","detail":"The requested resource does not exist"}`,
	"another's API":     `{"type":"error","error":{"type":"not_found_error","message":"Not Found"}}`,
	"a router, typed":   `{"error":{"type":"not_found","code":"not_found","message":"Route not found"}}`,
	"an app, typed":     `{"error":{"type":"platform_error","code":"not_found","message":"Application not found"}}`,
	"a domain, typed":   `{"error":{"type":"platform_error","code":"DOMAIN_NOT_FOUND","message":"Domain not found"}}`,
	"success false":     `{"success":false,"code":404,"message":"Not Found"}`,
	"status false":      `{"status":false,"message":"Not Found","response":null}`,
	"status false, url": `{"status":false,"message":"Request not found","response":null}`,
	"half of JSON":      `{"error":"Invoice not f`,
}

// edgeStatuses are those with which a server in front of a gateway may respond in its
// place, before or after it has passed a request on.
var edgeStatuses = []int{201, 204, 206, 301, 400, 401, 403, 404, 405, 410, 413, 415, 421, 422, 425, 429, 431, 451, 460, 499, 500, 502, 503, 504, 520, 530, 599}

// refusals are the statuses with which gateways reject a create.
var refusals = []int{400, 401, 403, 422, 429}

// Edge is a client whose gateway is behind another server.
type Edge[Spec any, Inv gateway.Invoice] struct {
	// Connect returns the client.
	Connect func(transport.Config) gateway.Gateway[Spec, Inv]
	Spec    Spec
	Invoice Inv
	// Alike names the bodies that are identical to one of the gateway's own refusals of
	// a create.
	Alike []string
	// Pass responds to what the gateway itself still serves, such as logins; nil serves
	// nothing.
	Pass func(w http.ResponseWriter, r *http.Request) bool
}

// Check checks that no response of the server is taken for the gateway's own: no
// invoice counts as missing because of it, and every create has an unknown outcome.
func (e Edge[Spec, Inv]) Check(t *testing.T) {
	id := e.Invoice.Facts(time.Now()).ID
	for name, body := range edgeBodies {
		t.Run(name, func(t *testing.T) {
			for _, status := range []int{404, 410, 400, 200} {
				client := e.client(t, status, body)
				if _, err := client.Get(t.Context(), id); err == nil || errors.Is(err, gateway.ErrNotFound) {
					t.Errorf("HTTP %d: a read: %v", status, err)
				} else {
					checkError(t, err)
				}
				if err := CancelError(client.Cancel(t.Context(), e.Invoice)); err == nil || errors.Is(err, gateway.ErrNotFound) {
					t.Errorf("HTTP %d: a cancel: %v", status, err)
				}
			}
			for _, status := range edgeStatuses {
				e.checkCreate(t, name, status)
			}
		})
	}
}

func (e Edge[Spec, Inv]) checkCreate(t *testing.T, name string, status int) {
	t.Helper()
	_, err := e.client(t, status, edgeBodies[name]).Create(t.Context(), e.Spec)
	if slices.Contains(e.Alike, name) && slices.Contains(refusals, status) {
		return
	}
	var failed *gateway.Error
	if !errors.As(err, &failed) || !errors.Is(failed.Kind, gateway.ErrOutcomeUnknown) || failed.Resendable != (status == http.StatusTooManyRequests) {
		t.Errorf("HTTP %d: a create: %+v", status, failed)
	}
}

func (e Edge[Spec, Inv]) client(t *testing.T, status int, body string) gateway.Gateway[Spec, Inv] {
	server := Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if e.Pass != nil && e.Pass(w, r) {
			return
		}
		w.Header().Set("Location", "https://edge.example.com/")
		Reply(w, status, body)
	})
	return e.Connect(server.Config())
}
