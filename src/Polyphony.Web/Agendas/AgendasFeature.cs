using Polyphony.Web.Audiences;

namespace Polyphony.Web.Agendas;

/// <summary>Sessions, their times, and the questions of their ballots.</summary>
internal static class AgendasFeature
{
    public static void MapAgendas(this IEndpointRouteBuilder app)
    {
        EditAgenda.Map(app.MapOrganiser(), app.MapStaffReader());
        AskAgain.Map(app.MapOrganiser());
    }
}
