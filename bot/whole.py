"""The bot between its platforms and its pools, put together once for everybody who runs it. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation import Captions, Conversation, Promises
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.fetching import Fetching
from bot.intake import Intake
from bot.platforms import Platform
from db.store import Store
from generation.pools import Pool
from generation.styles import Catalogue


@dataclass(frozen=True, slots=True)
class Whole:
    """Each part has a `run`; each platform runs with a receiver of the intake."""

    intake: Intake
    fetching: Fetching
    dispatch: Dispatch
    delivery: Delivery

    @property
    def parts(self) -> tuple[Intake, Fetching, Dispatch, Delivery]:
        return self.intake, self.fetching, self.dispatch, self.delivery


def put_together(
    store: Store,
    platforms: Mapping[str, Platform],
    pools: Mapping[str, Pool],
    catalogue: Catalogue,
    promises: Promises,
    *,
    full: int = 40,
) -> Whole:
    """Args:
    pools: who renders the jobs of each lane.
    full: with more jobs waiting for the painter, people keep their drafts.
    """
    captions = Captions(catalogue)
    keep_photos_s = promises.photo_hours * 3600
    conversation = Conversation(store, catalogue, promises)
    delivery = Delivery(store, platforms, waiting=captions.waiting, working=captions.working)
    dispatch = Dispatch(
        store,
        pools,
        catalogue,
        finished=captions.finished,
        drafted=captions.drafted,
        kept=captions.kept,
        failed=captions.failed,
        delivery=delivery,
        keep_pictures_s=promises.picture_days * 86400,
        full=full,
    )
    intake = Intake(store, platforms, conversation.reply_to, keep_photos_s=keep_photos_s)
    fetching = Fetching(store, platforms, failed=captions.failed, keep_photos_s=keep_photos_s)
    return Whole(intake, fetching, dispatch, delivery)
