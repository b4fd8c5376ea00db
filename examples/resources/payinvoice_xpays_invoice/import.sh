terraform import payinvoice_xpays_invoice.order 0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20
