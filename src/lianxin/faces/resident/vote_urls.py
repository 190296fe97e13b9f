"""Addresses of votes and opinion maps for everybody."""

from django.urls import path

from lianxin.faces.resident.views import my_votes, opinion_maps, votes

MAP = "opinions/<uuid:map>/"

urlpatterns = [
    path("communities/<uuid:community>/votes/", votes.browse, name="votes"),
    path("votes/<uuid:vote>/", votes.show, name="vote"),
    path("me/votes/", my_votes.browse, name="my_votes"),
    path("votes/<uuid:vote>/mine/", my_votes.vote, name="my_vote"),
    path("votes/<uuid:vote>/mine/receipt/", my_votes.receipt, name="my_ballot"),
    path(MAP, opinion_maps.cover, name="opinions"),
    path(MAP + "say/", opinion_maps.say, name="opinions_say"),
    path(MAP + "add/", opinion_maps.add, name="opinions_add"),
    path(MAP + "result/", opinion_maps.result, name="opinions_result"),
    path(MAP + "votes.csv", opinion_maps.votes_file, name="opinions_votes"),
    path(MAP + "result.json", opinion_maps.result_file, name="opinions_result_file"),
]
