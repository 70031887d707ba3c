using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Participants;

/// <summary>Those who were drawn: invited, confirmed, replaced.</summary>
internal static class ParticipantsFeature
{
    public static void AddParticipants(this IServiceCollection services)
    {
        services.AddScoped<ICitizenLinks, CitizenLinks>();
        services.AddScoped<LetterDesk>();
        services.AddScoped<IJobKind, ReplacementJob>();
        services.AddScoped<IJobKind, AlternatesJob>();
        services.AddScoped<AlternateDesk>();
    }

    public static void MapParticipants(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser();
        AnswerInvitation.Map(app.MapCitizen());
        ListParticipants.Map(app.MapStaffReader());
        InviteParticipants.Map(organiser);
        RecordAnswer.Map(organiser);
        ChangeSeveral.Map(organiser);
        RouteGroupBuilder there = app.MapOrganiser().AtOneSite();
        ReplaceParticipants.Map(there);
        ReplaceByLottery.Map(there);
        ChooseAlternates.Map(there);
    }
}
