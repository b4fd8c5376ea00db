package invoice

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// AccountFailure reports that account data, such as the balance, cannot be read.
func (c *GatewayClient[Spec, Inv]) AccountFailure(what string, err error) diag.Diagnostics {
	r := c.reporter()
	return diag.Diagnostics{diag.NewErrorDiagnostic(fmt.Sprintf("Cannot read the %s %s", r.title, what),
		fmt.Sprintf("%s.\n\n%s", capitalize(message(err)), r.advice(err)))}
}
