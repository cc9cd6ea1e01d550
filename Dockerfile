# Bokvar in a container: one binary, one volume, no shell needed at run time.
#   docker build -t bokvar .
#   docker run --read-only -v bokvar:/data -p 8080:8080 bokvar
# The volume holds bokvar.yaml (addr: 0.0.0.0:8080, data: /data, origin: https://…), database and keys.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN go generate ./static
RUN CGO_ENABLED=1 go build -tags sqlite_fts5 -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/bokvar ./cmd/bokvar
RUN mkdir -p /out/data

FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=build /out/bokvar /bokvar
COPY --from=build --chown=nonroot:nonroot /out/data /data
USER nonroot:nonroot
VOLUME ["/data"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["/bokvar", "healthy", "-addr", "127.0.0.1:8080"]
ENTRYPOINT ["/bokvar"]
CMD ["serve", "-config", "/data/bokvar.yaml"]
