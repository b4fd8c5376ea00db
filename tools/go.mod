module github.com/payinvoice/terraform-provider-payinvoice/tools

go 1.26.0

require (
	github.com/gofrs/flock v0.13.1
	golang.org/x/mod v0.42.0
)

require golang.org/x/sys v0.47.0 // indirect
