package acceptance

var cryptocloudSpecimen = gatewayNamed("cryptocloud")
