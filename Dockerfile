# The sandbox as a container image. "make image" builds it from the working tree,
# .goreleaser.yml for a release; both lay out the files that are copied here.
FROM scratch
ARG TARGETPLATFORM
COPY bin/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY $TARGETPLATFORM/terraform-provider-payinvoice* /terraform-provider-payinvoice
USER 65532:65532
WORKDIR /data
EXPOSE 4480
ENTRYPOINT ["/terraform-provider-payinvoice", "sandbox"]
CMD ["serve", "--listen", "0.0.0.0:4480", "--data-dir", "/data"]
