using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

public sealed class InvitingTooSoon(TestServer server)
{
    [Fact]
    public async Task No_letter_is_made_whose_last_day_has_passed_or_that_says_not_who_asks()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "letters");
        string page = day.Base + "/participants";
        Assert.EndsWith("?notice=deadline", (await day.Organiser.SubmitAsync(page, page + "/invite", ("answerBy", "2020-01-01"))).Path, StringComparison.Ordinal);
        Assert.EndsWith("?notice=mandate", (await day.Organiser.SubmitAsync(page, page + "/invite", ("answerBy", "2099-01-01"))).Path, StringComparison.Ordinal);
    }
}
