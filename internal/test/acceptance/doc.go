// Package acceptance holds the tests of what the provider serves. They run real
// Terraform against simulated gateways and count the requests that reach them.
package acceptance
