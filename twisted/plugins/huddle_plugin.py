"""What makes `twistd huddle` exist.

Every twistd on the machine imports this file to list its commands: nothing but ServiceMaker here.
"""

from twisted.application.service import ServiceMaker

huddle = ServiceMaker(
    "Huddle",
    "huddle.tap",
    "A group chat to enter with nc, telnet or huddle-client. / Un chat de grupo en el que se entra"
    " con nc, telnet o huddle-client.",
    "huddle",
)
