# By the invoice's id.
terraform import payinvoice_meum_invoice.order inv_cb1e73f508a2abf4ea639f100de14cef
