# By the invoice's id, with or without INV-.
terraform import payinvoice_cryptocloud_invoice.order INV-7QK2M9XD
