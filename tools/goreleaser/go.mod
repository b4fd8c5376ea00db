module github.com/payinvoice/terraform-provider-payinvoice/tools/goreleaser

go 1.26.0
