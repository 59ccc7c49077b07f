# SPDX-License-Identifier: Apache-2.0
#
# The gateway in a container. First make the distribution, then the image:
#
#   ./mvnw -Prelease -DskipTests package
#   docker build -t holdfast .
#   docker run -p 4000:4000 -v ./holdfast.yaml:/etc/holdfast/holdfast.yaml:ro --env-file keys.env holdfast
#
# The configuration must say `listen: { host: 0.0.0.0 }` and name at least one client: without a client's key the gateway
# listens on loopback only, which nobody outside the container can reach.
FROM eclipse-temurin:25-jre

COPY dist/target/holdfast-*.tar.gz /tmp/holdfast.tar.gz

RUN useradd --system --no-create-home --shell /usr/sbin/nologin holdfast

RUN mkdir -p /opt/holdfast /etc/holdfast && tar -xzf /tmp/holdfast.tar.gz -C /opt/holdfast --strip-components=1 && rm /tmp/holdfast.tar.gz

RUN /opt/holdfast/bin/holdfast prepare

USER holdfast

EXPOSE 4000

HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD bash -c 'exec 3<>/dev/tcp/127.0.0.1/4000 && printf "GET /health/ready HTTP/1.0\r\n\r\n" >&3 && read -r line <&3 && [[ $line == *" 200 "* ]]'

ENTRYPOINT ["/opt/holdfast/bin/holdfast"]

CMD ["serve", "--config", "/etc/holdfast/holdfast.yaml"]
