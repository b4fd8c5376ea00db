# By the invoice's id, the number in the merchant panel; not by its token.
terraform import payinvoice_hesabe_invoice.order 14696
